"""The way back is shown to work before it may be needed: a mark written at the target arrives at the source."""

from dataclasses import dataclass, field

from landbridge.migrate.pens import Marks
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.migrate.steps.budget import Budget
from landbridge.model.pen import Domain
from landbridge.model.region import Region

AGAIN_SECONDS = 15.0  # a mark not seen by then may never have been written: another one is
MARK = "reverse"


@dataclass(frozen=True)
class ProveReverse(Step):
    """Done when a mark of this move is read at the source."""

    domain: Domain
    source: Region
    target: Region
    marks: Marks
    budget: Budget | None = None  # None = nobody waits for it yet
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"prove_reverse.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"write a mark of {self.domain} in {self.target} and read it in {self.source}: the way back works"

    def check(self, context: Context) -> Seen:
        """An older mark proves nothing."""
        if context.done:
            return Seen(State.DONE, "the way back was proved")
        if self.budget and (late := self.budget.overdue(context)):
            return late
        written = context.history.intents(self.name, Verb.APPLY)
        if not written:
            return Seen(State.READY, "the way back is not proved yet")
        if self.marks.read(self.source, MARK) >= written[0][0]:
            return Seen(State.DONE, f"a mark written in {self.target} was read in {self.source}")
        if context.now - written[-1][1] > AGAIN_SECONDS:
            return Seen(State.READY, f"no mark of this move has arrived in {self.source} yet")
        return Seen(State.WAITING, f"the mark has not arrived in {self.source} yet")

    def apply(self, context: Context) -> None:
        """Writes the mark at the target."""
        self.marks.put(self.target, MARK, context.turn)

    def revert(self, context: Context) -> Seen:
        """A mark of ours is counted nowhere."""
        return Seen(State.DONE, "the mark is counted nowhere")
