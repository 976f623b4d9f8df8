"""Before the source stops writing, the way back is shown to work: a mark written at the target arrives at the source."""

from dataclasses import dataclass, field

from landbridge.migrate.pens import StateCopies
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from landbridge.model.state import RESERVED, StateItem

AGAIN_SECONDS = 15.0  # a mark not seen by then may never have been written: another one is
MARK = (f"{RESERVED}canary", "reverse")


@dataclass(frozen=True)
class ProveReverse(Step):
    """Done when a mark of this move is read at the source."""

    source: Region
    target: Region
    copies: StateCopies
    name: str = field(default="prove_reverse.state", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"write a mark in {self.target} and read it in {self.source}: the way back works"

    def check(self, context: Context) -> Seen:
        """An older mark proves nothing."""
        if context.done:
            return Seen(State.DONE, "the way back was proved")
        written = context.history.intents(self.name, Verb.APPLY)
        if not written:
            return Seen(State.READY, "the way back is not proved yet")
        mark = self.copies.items(self.source, [MARK]).get(MARK)
        if mark is not None and mark.version >= written[0][0]:
            return Seen(State.DONE, f"a mark written in {self.target} was read in {self.source}")
        if context.now - written[-1][1] > AGAIN_SECONDS:
            return Seen(State.READY, f"no mark of this move has arrived in {self.source} yet")
        return Seen(State.WAITING, f"the mark has not arrived in {self.source} yet")

    def apply(self, context: Context) -> None:
        """Writes the mark at the target under a reserved user."""
        mark = StateItem(*MARK, version=context.turn, write_id=f"turn-{context.turn}", epoch=Epoch(0), value="mark")
        self.copies.write_mark(self.target, mark)

    def revert(self, context: Context) -> Seen:
        """A mark of a reserved user is counted nowhere."""
        return Seen(State.DONE, "the mark is counted nowhere")
