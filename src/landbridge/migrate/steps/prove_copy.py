"""After the drain, never before: what the source accepted is read from its receipts, and found at the target."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.pens import Pens, StateCopies
from landbridge.migrate.step import Context, Look, Seen, State, Verb
from landbridge.migrate.steps.budget import overdue
from landbridge.model.pen import Domain
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved


@dataclass(frozen=True)
class ProveCopy(Look):
    """Done when the target has exactly what the source's receipts since the last full comparison say."""

    source: Region
    target: Region
    pens: Pens
    copies: StateCopies
    verified_by: str
    longest_write: timedelta  # a receipt's time is its handler's; a handler may have taken this long to commit
    budget: timedelta
    close: str = "close_source.state"
    name: str = field(default="prove_copy.state", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"read the receipts {self.source} wrote since the last comparison and find each in {self.target}, within the budget"
        )

    def check(self, context: Context) -> Seen:
        """Closed fences make the receipts final, so looking again gives the same; only the target moves."""
        closed = context.history.intents(self.close, Verb.APPLY)[-1][1]
        proved = context.history.found_done(self.name)
        if proved is not None and proved >= closed:
            return Seen(State.DONE, "was proved after the close")
        if late := overdue(context, self.close, self.budget):
            return late
        wanted = self._captured(context)
        have = self.copies.items(self.target, wanted)
        missing = [key for key, item in wanted.items() if key not in have or have[key].digest() != item.digest()]
        if missing:
            return Seen(State.WAITING, f"{len(missing)} of {len(wanted)} keys have not arrived in {self.target} yet")
        return Seen(
            State.DONE, f"{self.target} has all {len(wanted)} keys written since the comparison", {"captured": len(wanted)}
        )

    def _captured(self, context: Context) -> dict[tuple[str, str], StateItem]:
        verified = context.history.began(self.verified_by) or 0.0  # what was written while it compared, it may have missed
        since = verified - self.longest_write.total_seconds()
        epoch = self.pens.read(self.source, Domain.STATE).epoch
        return _newest(self.copies.receipts(self.source, epoch, since))


def _newest(receipts: Iterable[StateItem]) -> dict[tuple[str, str], StateItem]:
    newest: dict[tuple[str, str], StateItem] = {}
    for item in receipts:
        standing = newest.get(item.key)
        if not is_reserved(item.user) and (standing is None or item.version > standing.version):
            newest[item.key] = item
    return newest
