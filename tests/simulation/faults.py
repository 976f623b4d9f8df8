"""What a schedule makes go wrong, when, and which step it hit: drawn from the seed, counted for the coverage table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from landbridge.migrate.record import Kind, Record
from landbridge.model.region import Region
from tests.simulation.kernel import Process
from tests.simulation.world import JOURNAL, SOURCE, TARGET, World

STEPS = ("prove_reverse.state", "close_source.state", "prove_copy.state", "open_target.state", "start_target.state")
DANGER = (1, 2, 2, 5, 1)  # how often a fault waits for each of them: most often for the pivot
FIRST, LATEST = 1.0, 40.0
LONGEST = 25.0
SLOW_COPY_SECONDS = 12.0


@dataclass
class Faults:
    """The faults of one schedule; each strikes once, at a moment of its own or as soon as its step is entered."""

    world: World
    start_engine: Callable[[], Process]
    engines: list[Process] = field(default_factory=list)
    hits: list[tuple[str, str]] = field(default_factory=list)
    _step: str = "before"
    _waiting: list[tuple[str, str]] = field(default_factory=list)

    def draw(self) -> None:
        """One to five faults, three on average."""
        chance, kernel = self.world.kernel.chance, self.world.kernel
        for _ in range(chance.choice([1, 2, 3, 3, 4, 5])):
            fault = chance.choice(sorted(self._kinds()))
            if chance.random() < 0.7:
                self._waiting.append((chance.choices(STEPS, DANGER)[0], fault))
            else:
                kernel.at(kernel.now + chance.uniform(FIRST, LATEST), partial(self._strike, fault))

    def heard(self, record: Record) -> None:
        """A record was written: what waited for its step, or for an intent in it, strikes in a moment."""
        kernel = self.world.kernel
        if record.kind in {Kind.ENTERED, Kind.INTENT} and record.step:
            self._step = record.step
        for waiting in [each for each in self._waiting if each[0] == self._step]:
            if record.kind is Kind.INTENT or kernel.chance.random() < 0.25:
                self._waiting.remove(waiting)
                delay = kernel.chance.choice([0.0, kernel.chance.uniform(0, 0.1)])  # between record and act, or somewhere after
                kernel.at(kernel.now + delay, partial(self._strike, waiting[1]))

    def _kinds(self) -> dict[str, Callable[[], None]]:
        return {
            "engine killed": self._kill,
            "engine frozen": self._freeze,
            "another engine": self._another,
            "source out": partial(self._out, SOURCE),
            "target out": partial(self._out, TARGET),
            "journal out": partial(self._out, JOURNAL),
            "link down": self._link_down,
            "copies slow": self._slow,
        }

    def _strike(self, fault: str) -> None:
        kernel = self.world.kernel
        if kernel.now >= kernel.quiet_from:
            return
        self.hits.append((fault, self._step))
        self.world.history.note(kernel.now, "fault", f"{fault} in {self._step}")
        self._kinds()[fault]()

    def _kill(self) -> None:
        self.world.kernel.chance.choice(self.engines).killed = True
        self._another()

    def _freeze(self) -> None:
        """A short one is a hiccup; a long one with another engine about is how two come to believe that they work."""
        chance = self.world.kernel.chance
        chance.choice(self.engines).frozen_until = self.world.kernel.now + chance.uniform(
            *chance.choice([(0.5, 8), (8, LONGEST)])
        )
        if chance.random() < 0.8:
            self._another()

    def _another(self) -> None:
        self.engines.append(self.start_engine())

    def _for_a_while(self, mend: Callable[[], None]) -> None:
        kernel = self.world.kernel
        kernel.at(min(kernel.now + kernel.chance.uniform(0.5, LONGEST), kernel.quiet_from), mend)

    def _out(self, place: Region) -> None:
        self.world.out.add(place)
        self._for_a_while(lambda: self.world.out.discard(place))

    def _link_down(self) -> None:
        self.world.link_down = True
        self._for_a_while(self._link_up)

    def _link_up(self) -> None:
        self.world.link_down = False

    def _slow(self) -> None:
        before, self.world.lag = self.world.lag, SLOW_COPY_SECONDS
        self._for_a_while(partial(self._quick, before))

    def _quick(self, lag: float) -> None:
        self.world.lag = lag
