"""What happened when, as the rehearsal saw it: told by small appends, kept as changes, handed over as one frozen history."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the migration and how it ended: running, done, held, reverted, failed or stopped."""

    name: str
    from_s: float
    to_s: float
    mark: str = RUNNING


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step was found in another state, and why."""

    at_s: float
    step: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Weight:
    """From here on this percent of new lookups went to the target."""

    at_s: float
    target_percent: float


@dataclass(frozen=True, slots=True)
class LagSample:
    """How far the other copy was behind; None while nothing was copied."""

    at_s: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class PenSample:
    """From here on a region's pen for a domain stood so."""

    at_s: float
    region: Region
    domain: Domain
    state: PenState
    epoch: int


@dataclass(frozen=True, slots=True)
class PenMove:
    """One move of a pen that opened somewhere: from the close to the next open, by the pens' own clocks."""

    domain: Domain
    closed_s: float
    opened_s: float

    @property
    def pause_ms(self) -> float:
        """How long nobody could write."""
        return (self.opened_s - self.closed_s) * 1000


@dataclass(frozen=True, slots=True)
class History:
    """A timeline that is over."""

    phases: tuple[Phase, ...] = ()
    steps: tuple[StepChange, ...] = ()
    weights: tuple[Weight, ...] = ()
    lags: tuple[LagSample, ...] = ()
    pens: tuple[PenSample, ...] = ()
    moves: tuple[PenMove, ...] = ()

    def target_percent(self) -> float:
        """The last weight; 0 when none was ever set."""
        return self.weights[-1].target_percent if self.weights else 0.0

    def pauses_ms(self) -> dict[str, float]:
        """The longest pause of each domain whose pen moved."""
        return longest(self.moves)

    def first_holder(self, domain: Domain) -> Region | None:
        """Who could write the domain first; None when nobody ever could."""
        return next((pen.region for pen in self.pens if pen.domain is domain and pen.state is PenState.OPEN), None)

    def holder(self, domain: Domain) -> Region | None:
        """Who could write the domain at the end; None when nobody could, or more than one."""
        last = {pen.region: pen.state for pen in self.pens if pen.domain is domain}
        holders = [region for region, state in last.items() if state is PenState.OPEN]
        return holders[0] if len(holders) == 1 else None


def longest(moves: Iterable[PenMove]) -> dict[str, float]:
    """Of each domain's pauses, in milliseconds."""
    found: dict[str, float] = {}
    for move in moves:
        found[str(move.domain)] = max(move.pause_ms, found.get(str(move.domain), 0.0))
    return found


class Timeline:
    """Takes every sample it is given and keeps only changes, except of lag. `clock` counts seconds since the run began."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._phases: list[Phase] = []
        self._steps: list[StepChange] = []
        self._weights: list[Weight] = []
        self._lags: list[LagSample] = []
        self._pens: list[PenSample] = []
        self._moves: list[PenMove] = []

    def phase(self, name: str) -> None:
        """This phase is on; the one before it, if it still ran, is done."""
        if self._phases and self._phases[-1].mark == RUNNING:
            if self._phases[-1].name == name:
                return
            self.ended("done")
        now = self._clock()
        self._phases.append(Phase(name, now, now))

    def ended(self, mark: str) -> None:
        """The running phase is over, with this mark; without one nothing happens."""
        if self._phases and self._phases[-1].mark == RUNNING:
            self._phases[-1] = replace(self._phases[-1], to_s=self._clock(), mark=mark)

    def step(self, step: str, state: str, why: str) -> None:
        """A step was found so; the same state again is no news, whatever its figures say."""
        last = next((seen.state for seen in reversed(self._steps) if seen.step == step), None)
        if last != state:
            self._steps.append(StepChange(self._clock(), step, state, why))

    def weight(self, target_percent: float) -> None:
        """The weight was read back so."""
        if not self._weights or self._weights[-1].target_percent != target_percent:
            self._weights.append(Weight(self._clock(), target_percent))

    def lag(self, seconds: float | None) -> None:
        """The lag was measured so."""
        self._lags.append(LagSample(self._clock(), seconds))

    def pen(self, region: Region, domain: Domain, state: PenState, epoch: int) -> None:
        """A pen was read so."""
        last = next((seen for seen in reversed(self._pens) if (seen.region, seen.domain) == (region, domain)), None)
        if last is None or (last.state, last.epoch) != (state, epoch):
            self._pens.append(PenSample(self._clock(), region, domain, state, epoch))

    def pen_moved(self, domain: Domain, closed_s: float, opened_s: float) -> None:
        """A pen was closed and one was opened, at these seconds of the run (from the pens' own `since`)."""
        move = PenMove(domain, closed_s, opened_s)
        if move not in self._moves:
            self._moves.append(move)

    def pauses_ms(self) -> dict[str, float]:
        """The longest pause of each domain, as far as its pen has moved."""
        return longest(self._moves)

    def history(self) -> History:
        """All of it up to now; a phase that still runs reaches up to now."""
        now = self._clock()
        phases = tuple(replace(phase, to_s=now) if phase.mark == RUNNING else phase for phase in self._phases)
        return History(phases, tuple(self._steps), tuple(self._weights), tuple(self._lags), tuple(self._pens), tuple(self._moves))
