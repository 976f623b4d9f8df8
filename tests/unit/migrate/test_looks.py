"""A gate whose engine lives for a turn: what it says is what one that never ended would say."""

import io
import math
import random
import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.builders import gate
from tests.fake_looks import FakeLooks
from tests.fake_regions import FakeReplicator
from tests.fakes import Clock

from landbridge.migrate.gate import Judgement, Verdict
from landbridge.migrate.looks import Look
from landbridge.migrate.measured_gate import MeasuredGate
from landbridge.model.errors import Unreachable
from landbridge.model.region import Pair
from landbridge.traffic.port import Probes, Sample
from landbridge.traffic.probes import HttpProbes
from landbridge.traffic.window import Answers

LIMITS = gate(window_seconds=600.0, probes_per_look=4, min_probes=480, silence_seconds=20)
TICK = 5.0
HOUR = timedelta(hours=1)


@dataclass
class Region:
    """Answers at a given speed, and badly from some moment on, the same for whoever asks, in whatever order they ask at once."""

    clock: Clock
    seed: int
    bad_from: float
    _chance: random.Random = field(init=False)
    _drawing: threading.Lock = field(default_factory=threading.Lock, init=False)
    _took: threading.local = field(default_factory=threading.local, init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def answer(self, *_asked: object, **_how: object) -> io.BytesIO:
        """One answer; one in seven fails while it is bad."""
        with self._drawing:
            self._took.seconds, luck = self._chance.uniform(0.01, 0.03), self._chance.random()
        if self.clock() >= self.bad_from and luck < 0.15:
            raise OSError
        answer = io.BytesIO(b"well")
        answer.status = 200  # type: ignore[attr-defined]
        return answer

    def probes(self) -> HttpProbes:
        """A process's own."""
        well = b"well".__eq__
        return HttpProbes(lambda: "http://region", LIMITS.window_seconds, 4, 1.0, well, self._stopwatch, self.answer)

    def _stopwatch(self) -> float:
        """Each asker's own: nothing, then what its answer took."""
        return float(self._took.__dict__.pop("seconds", 0.0))


class Users:
    """Nobody yet."""

    def sample(self, now: float) -> Sample:
        """None."""
        return Sample(0, 0, None)


@dataclass
class Case:
    """Two regions, a copy, and the gate of whichever process works now."""

    looks: FakeLooks | None
    bad_from: float = math.inf
    silent_from: float = math.inf
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        began = self.clock()
        self.source = Region(self.clock, 1, math.inf)
        self.target = Region(self.clock, 2, began + self.bad_from)
        self.copy = FakeReplicator("active")
        self.silent_at = began + self.silent_from

    def process(self) -> MeasuredGate:
        """As a new process makes it."""
        probes: Pair[Probes] = Pair(self.source.probes(), self.target.probes())
        return MeasuredGate(LIMITS, HOUR, probes, Users(), self.copy, self.clock, looks=self.looks)

    def said(self, looks: int, a_turn: int) -> list[Judgement]:
        """What is said at each look, by processes that live for so many."""
        said, made = [], self.process()
        for number in range(looks):
            if number % a_turn == 0:
                made = self.process()
            if self.clock() >= self.silent_at:
                self.copy.behind = None
            said.append(made.judge(timedelta(minutes=5)))
            self.clock.sleep(TICK)
        return said


@pytest.mark.parametrize("a_turn", [1, 40])
@pytest.mark.parametrize(("bad_from", "silent_from"), [(math.inf, math.inf), (640.0, math.inf), (math.inf, 640.0)])
def test_turn_by_turn_it_says_what_a_loop_says(bad_from: float, silent_from: float, a_turn: int) -> None:
    """Look for look, verdict, reason and figures: it passes as soon, and fails as soon, by errors or by silence."""
    loop = Case(None, bad_from, silent_from).said(180, a_turn=180)
    assert Case(FakeLooks(), bad_from, silent_from).said(180, a_turn) == loop
    last = Verdict.FAIL if min(bad_from, silent_from) < math.inf else Verdict.PASS
    assert (loop[0].verdict, loop[125].verdict, loop[-1].verdict) == (Verdict.INCONCLUSIVE, Verdict.PASS, last)


def test_what_lies_before_the_window_is_not_recalled() -> None:
    """A turn after a long pause begins anew."""
    case = Case(FakeLooks())
    assert case.said(125, a_turn=7)[-1].verdict is Verdict.PASS
    case.clock.sleep(LIMITS.window_seconds)
    judged = case.process().judge(HOUR)
    assert (judged.verdict, judged.figures["probes"]) == (Verdict.INCONCLUSIVE, 4)


def test_a_look_that_may_not_be_kept_decides_nothing() -> None:
    """The next process would not know of it."""
    looks = FakeLooks()
    case = Case(looks)
    case.said(125, a_turn=7)
    looks.kept = None
    with pytest.raises(Unreachable):
        case.process().judge(HOUR)


def test_a_process_whose_clock_is_behind_goes_on_from_the_newest_look() -> None:
    """Time does not go back in a window."""
    case = Case(FakeLooks())
    case.said(125, a_turn=7)
    case.clock.now -= 3.0
    assert case.process().judge(HOUR).verdict is Verdict.PASS


def test_a_look_is_kept_to_the_last_digit() -> None:
    """Who reads it judges by the same numbers."""
    look = Look(1_795_324_512.123, 1_795_324_500.5, Answers(1.0, 3, 1, 0, (0.1, 0.2 + 0.1)), Answers(1.0, 1, 0, 1, ()))
    assert Look.of(look.body()) == look
