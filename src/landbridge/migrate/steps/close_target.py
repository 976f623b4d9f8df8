"""The target's pens begin closed: before its API may answer, it must know that it is not the holder."""

from dataclasses import dataclass, field

from landbridge.migrate.pens import Pens
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region


@dataclass(frozen=True)
class CloseTarget(Step):
    """Done when the target's master pen and every fence stand closed."""

    domain: Domain
    source: Region
    target: Region
    pens: Pens
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"close_target.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"lay the {self.domain} pens of {self.target}, closed"

    def check(self, context: Context) -> Seen:
        """An open pen at the target before any move is not ours to close."""
        pens = self.pens.read(self.target, self.domain)
        if pens.all_are(PenState.CLOSED):
            return Seen(
                State.DONE, f"the {self.domain} pens of {self.target} are closed", {"epoch": pens.epoch, "turn": pens.turn}
            )
        if context.done:
            return Seen(State.DONE, "was closed before the move")
        if pens.all_are(PenState.OPEN) and self.pens.read(self.source, self.domain).all_are(PenState.CLOSED):
            return Seen(State.DONE, f"{self.target} holds the {self.domain} pen already: it moved in an earlier run")
        if pens.any_is(PenState.OPEN):
            return Seen(State.BLOCKED, f"{self.target} already holds the {self.domain} pen: see which migration opened it")
        return Seen(State.READY, f"{self.target} has no {self.domain} pens yet")

    def apply(self, context: Context) -> None:
        """Closes them, under this turn."""
        self.pens.close(self.target, self.domain, context.turn)

    def revert(self, context: Context) -> Seen:
        """Closed pens are what an absent side has; they go with the stack that holds them."""
        return Seen(State.DONE, "closed pens harm nobody; they go with their stack")
