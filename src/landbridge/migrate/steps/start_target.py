"""What comes to either region is seen to take effect at the target: the move is whole for its users."""

from dataclasses import dataclass, field

from landbridge.migrate.pens import Marks
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.model.pen import Domain
from landbridge.model.region import Region

AGAIN_SECONDS = 5.0  # a mark that took no effect by then may never have come: another one is sent


@dataclass(frozen=True)
class StartTarget(Step):
    """Done when a mark sent through each front has taken effect at the target."""

    domain: Domain
    target: Region
    through: tuple[Region, ...]  # whose fronts must lead there
    marks: Marks
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"start_target.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"send a mark of {self.domain} through {' and '.join(self.through)} and see each take effect in {self.target}"

    def check(self, context: Context) -> Seen:
        """Any mark of this run will do: an effect takes its time, and each further mark would take it anew."""
        if context.done:
            return Seen(State.DONE, "marks through every front were seen")
        sent = context.history.intents(self.name, Verb.APPLY)
        if not sent:
            return Seen(State.READY, "no mark through every front was seen yet")
        late = [region for region in self.through if self.marks.read(self.target, _mark(region)) < sent[0][0]]
        if late:
            state = State.READY if context.now - sent[-1][1] > AGAIN_SECONDS else State.WAITING
            return Seen(state, f"the mark through {late[0]} is not in {self.target} yet")
        return Seen(State.DONE, f"marks through {' and '.join(self.through)} took effect in {self.target}")

    def apply(self, context: Context) -> None:
        """Sends one through each."""
        for region in self.through:
            self.marks.send(region, _mark(region), context.turn)

    def revert(self, context: Context) -> Seen:
        """Marks of ours are counted nowhere."""
        return Seen(State.DONE, "the marks are counted nowhere")


def _mark(region: Region) -> str:
    return f"start-{region}"
