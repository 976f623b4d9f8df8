"""The source stops writing a domain: its API holds what comes in, and no frozen handler can commit any more."""

from dataclasses import dataclass, field
from typing import ClassVar

from landbridge.migrate.pens import Pens, place
from landbridge.migrate.step import Context, Moves, Seen, State, Step, Verb
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region


@dataclass(frozen=True)
class CloseSource(Step):
    """Done when master and every fence of the source are read back closed, newer than any intent to open them."""

    domain: Domain
    source: Region
    target: Region
    pens: Pens
    name: str = field(init=False)
    moves: ClassVar[Moves] = Moves.WRITES

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"close_source.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"close the {self.domain} pen of {self.source}: master, then every fence, read back"

    def opens(self, verb: Verb) -> str | None:
        """Going back opens the source again."""
        return place(self.domain, self.source) if verb is Verb.REVERT else None

    def check(self, context: Context) -> Seen:
        """One fence still open means writes still commit."""
        pens = self.pens.read(self.source, self.domain)
        if not context.turn and not pens.any_is(PenState.OPEN):
            return Seen(State.BLOCKED, f"{self.source} does not hold the {self.domain} pen: see where it is")
        if pens.all_are(PenState.CLOSED) and pens.oldest_turn > context.history.last_opening(place(self.domain, self.source)):
            return Seen(State.DONE, f"{self.source} is closed for {self.domain}", {"epoch": pens.epoch, "turn": pens.turn})
        return Seen(State.READY, f"{self.source} still writes {self.domain}")

    def apply(self, context: Context) -> None:
        """Closes under this turn."""
        self.pens.close(self.source, self.domain, context.turn)

    def revert(self, context: Context) -> Seen:
        """Opens the source again under a newer turn, but only when no act to open the target can still arrive."""
        openings = context.history.intents(f"open_target.{self.domain}", Verb.APPLY)
        if openings:  # without one in this move, the target need not even answer
            target = self.pens.read(self.target, self.domain)
            if not target.all_are(PenState.CLOSED) or target.oldest_turn <= openings[-1][0]:
                return Seen(State.BLOCKED, f"{self.target} is not barred against the intent {openings[-1][0]} to open it")
        self.pens.open(self.source, self.domain, self.pens.read(self.source, self.domain).epoch, context.turn)
        return Seen(State.DONE, f"{self.source} writes {self.domain} again")
