"""First contact: a region that was seized from is closed before anything else, and stays closed."""

from dataclasses import dataclass, field

from landbridge.migrate.pens import Pens, place
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region


@dataclass(frozen=True)
class CloseLost(Step):
    """Done when the region answers, and its master and every fence are read back closed against every intent to open them."""

    domain: Domain
    lost: Region
    pens: Pens
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"close_lost.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"wait until {self.lost} answers, and close its {self.domain} pen before anything else"

    def check(self, context: Context) -> Seen:
        """As long as the region is silent, the look itself is what waits."""
        pens = self.pens.read(self.lost, self.domain)
        if pens.all_are(PenState.CLOSED) and pens.oldest_turn > context.history.last_opening(place(self.domain, self.lost)):
            return Seen(State.DONE, f"{self.lost} is closed for {self.domain}", {"epoch": pens.epoch, "turn": pens.turn})
        return Seen(State.READY, f"{self.lost} answers, and is not closed for {self.domain}")

    def apply(self, context: Context) -> None:
        """Closes under this turn."""
        self.pens.close(self.lost, self.domain, context.turn)

    def revert(self, context: Context) -> Seen:
        """It was seized from: nothing opens it but a move."""
        return Seen(State.DONE, f"{self.lost} stays closed for {self.domain}")
