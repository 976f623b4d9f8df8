"""What a schedule makes go wrong, when, and which step it hit: drawn from the seed, counted for the coverage table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from landbridge.migrate.record import Ask, Kind, Record
from landbridge.model.region import Region
from tests.simulation.kernel import Process
from tests.simulation.people.feeds import Feed
from tests.simulation.world.place import JOURNAL, SIDES, SOURCE, TARGET
from tests.simulation.world.world import World

FIRST, LATEST = 1.0, 60.0
LONGEST = 25.0
SLOW_COPY_SECONDS = 12.0
NEAR = 2  # steps
LIKELY = {True: 0.7, False: 0.25}  # how likely a fault strikes at an intent, and at any other record of its step


@dataclass
class Parts:
    """What a fault can take hold of besides the world."""

    start_engine: Callable[[], Process] = field(init=False)
    ask: Callable[[Ask], object] = field(init=False)
    engines: list[Process] = field(default_factory=list)
    feeds: dict[str, tuple[Feed, Process]] = field(default_factory=dict)
    users: list[Process] = field(default_factory=list)


@dataclass
class Faults:
    """The faults of one schedule; each strikes once, at a moment of its own or as soon as its step is entered."""

    world: World
    parts: Parts
    steps: tuple[str, ...]
    usual_lag: float
    hits: list[tuple[str, str]] = field(default_factory=list)
    _step: str = "before"
    _waiting: list[tuple[str, str]] = field(default_factory=list)

    def draw(self, seed: int) -> None:
        """One to five faults, three on average. The first goes through every fault in every step, seed by seed."""
        chance, kernel, first = self.world.place.kernel.chance, self.world.place.kernel, seed % len(self.steps)
        self._waiting.append((self.steps[first], FAULTS[seed // len(self.steps) % len(FAULTS)]))
        together = chance.random() < 0.5  # what comes at about the same time is what nobody thought of
        steps = self.steps[max(0, first - NEAR) : first + NEAR + 1] if together else self.steps
        for _ in range(chance.choice([0, 1, 2, 2, 3, 4])):
            fault = chance.choice(FAULTS)
            if chance.random() < 0.8:
                self._waiting.append((chance.choices(steps, [_danger(step) for step in steps])[0], fault))
            else:
                kernel.at(kernel.now + chance.uniform(FIRST, LATEST), partial(self._strike, fault))
        kernel.at(kernel.now + LATEST, self._at_least_one)

    def _at_least_one(self) -> None:
        if not self.hits:
            self._strike(self.world.place.kernel.chance.choice(FAULTS))

    def heard(self, record: Record) -> None:
        """A record of a step was written: what waits for the step strikes between it and what follows, or soon after."""
        kernel = self.world.place.kernel
        self._step = record.step or self._step
        found_done = record.kind is Kind.FOUND and record.data["state"] == "done"
        for waiting in [each for each in self._waiting if each[0] == record.step]:
            if found_done or kernel.chance.random() < LIKELY[record.kind is Kind.INTENT]:
                self._waiting.remove(waiting)
                delay = kernel.chance.choice([0.0, kernel.chance.uniform(0, 0.1)])
                kernel.at(kernel.now + delay, partial(self._strike, waiting[1]))

    def _strike(self, fault: str) -> None:
        place = self.world.place
        if place.now >= place.kernel.quiet_from:
            return
        self.hits.append((fault, self._step))
        place.note("fault", f"{fault} in {self._step}")
        if fault in HURT_WRITES:
            place.history.troubles.append((place.now, place.now + LONGEST))
        KINDS[fault](self)

    def kill(self) -> None:
        """An engine dies where it stands; another one comes."""
        self.world.place.kernel.chance.choice(self.parts.engines).killed = True
        self.another()

    def freeze(self) -> None:
        """A short one is a hiccup; a long one with another engine about is how two come to believe that they work."""
        chance = self.world.place.kernel.chance
        self._stand_still(chance.choice(self.parts.engines), *chance.choice([(0.5, 8.0), (0.5, LONGEST), (40.0, 90.0)]))
        if chance.random() < 0.8:
            self.another()

    def another(self) -> None:
        """A second engine comes."""
        self.parts.engines.append(self.parts.start_engine())

    def freeze_function(self, which: str) -> None:
        """The next of these functions stand still just before they act on what they have read."""
        chance = self.world.place.kernel.chance
        self.world.place.pauses[which] = [chance.uniform(0.5, LONGEST) for _ in range(chance.choice([1, 2, 5]))]

    def _stand_still(self, process: Process, shortest: float, longest: float) -> None:
        process.frozen_until = self.world.place.now + self.world.place.kernel.chance.uniform(shortest, longest)

    def out(self, place: Region) -> None:
        """Nothing sent there is executed."""
        self.world.place.out.add(place)
        self._for_a_while(lambda: self.world.place.out.discard(place))

    def link_down(self) -> None:
        """Nothing travels between the sides."""
        self.world.place.link_down = True
        self._for_a_while(lambda: setattr(self.world.place, "link_down", False))

    def slow_copies(self) -> None:
        """Copies are far behind."""
        self.world.place.lag = SLOW_COPY_SECONDS
        self._for_a_while(lambda: setattr(self.world.place, "lag", self.usual_lag))

    def stall(self) -> None:
        """A replicator stands still."""
        side = self.world.place.kernel.chance.choice(SIDES)
        self.world.place.stalled.add(side)
        self._for_a_while(lambda: self._moves(side))

    def _moves(self, side: Region) -> None:
        self.world.place.stalled.discard(side)
        self.world.streams.moving_again(side)

    def _for_a_while(self, mend: Callable[[], None]) -> None:
        kernel = self.world.place.kernel

        def mended() -> None:
            mend()
            self.world.place.mended()

        kernel.at(min(kernel.now + kernel.chance.uniform(0.5, LONGEST), kernel.quiet_from), mended)

    def _feed(self) -> tuple[Feed, Process]:
        return self.parts.feeds[self.world.place.kernel.chance.choice(sorted(self.parts.feeds))]

    def feed_dead(self) -> None:
        """Nothing comes from it for a while, and it looks at nothing."""
        self._stand_still(self._feed()[1], 0.5, 4 * LONGEST)

    def feed_silent(self) -> None:
        """It goes where it is told, and never says so."""
        self._feed()[0].silent = True

    def feed_stubborn(self) -> None:
        """It stays where it is until it is refused."""
        self._feed()[0].stubborn = True

    def switchover(self, fate: str) -> None:
        """The next one, or the one under way if it has not begun."""
        self.world.database.fate = fate


def _danger(step: str) -> int:
    """How often a fault waits for a step, next to the others: most often for a pivot."""
    return {"open_target": 5, "close_source": 2, "prove_copy": 2}.get(step.partition(".")[0], 1)


KINDS: dict[str, Callable[[Faults], object]] = {
    "engine killed": Faults.kill,
    "engine frozen": Faults.freeze,
    "another engine": Faults.another,
    "abort": lambda faults: faults.parts.ask(Ask.ABORT),
    "failback asked": lambda faults: faults.parts.ask(Ask.FAILBACK),
    "source out": lambda faults: faults.out(SOURCE),
    "target out": lambda faults: faults.out(TARGET),
    "journal out": lambda faults: faults.out(JOURNAL),
    "link down": Faults.link_down,
    "copies slow": Faults.slow_copies,
    "replicator stalled": Faults.stall,
    "transform frozen": lambda faults: faults.freeze_function("transform"),
    "worker frozen": lambda faults: faults.freeze_function("worker"),
    "write frozen": lambda faults: faults.freeze_function("write"),
    "feed dead": Faults.feed_dead,
    "feed silent": Faults.feed_silent,
    "feed stubborn": Faults.feed_stubborn,
    "switchover slow": lambda faults: faults.switchover("slow"),
    "switchover fails": lambda faults: faults.switchover("failing"),
    "switchover hangs": lambda faults: faults.switchover("hanging"),
}
FAULTS = sorted(KINDS)
HURT_WRITES = frozenset({"source out", "target out", "link down", "write frozen"})  # whatever the pens say
