"""After the drain, never before: what the source accepted is captured at the source, and found at the target."""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.pens import Copies, Pens
from landbridge.migrate.step import Context, Look, Seen, State, Verb
from landbridge.migrate.steps.budget import Budget
from landbridge.model.pen import Domain
from landbridge.model.region import Region


@dataclass(frozen=True)
class ProveCopy(Look):
    """Done when the target has exactly what the source accepted since the last full comparison."""

    domain: Domain
    source: Region
    target: Region
    pens: Pens
    copies: Copies
    longest_write: timedelta  # a receipt's time is its handler's; a handler may have taken this long to commit
    budget: Budget
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"prove_copy.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"read what {self.source} accepted of {self.domain} since the last comparison and find each of it in {self.target}, "
            "within the budget"
        )

    def check(self, context: Context) -> Seen:
        """Closed fences make what was accepted final, so looking again gives the same; only the target moves."""
        closed = context.history.intents(f"close_source.{self.domain}", Verb.APPLY)[-1][1]
        proved = context.history.found_done(self.name)
        if proved is not None and proved >= closed:
            return Seen(State.DONE, "was proved after the close")
        if late := self.budget.overdue(context):
            return late
        verified = context.history.began(f"verify_store.{self.domain}") or 0.0  # what was written meanwhile, it may have missed
        since = verified - self.longest_write.total_seconds()
        wanted = self.copies.accepted(self.source, self.pens.read(self.source, self.domain).epoch, since)
        missing = self.copies.lacking(self.target, wanted)
        if missing:
            return Seen(State.WAITING, f"{len(missing)} of {len(wanted)} keys have not arrived in {self.target} yet")
        return Seen(
            State.DONE, f"{self.target} has all {len(wanted)} keys written since the comparison", {"captured": len(wanted)}
        )
