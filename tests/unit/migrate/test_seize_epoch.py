"""The epoch of a seized pen is above any the lost side has or will get, whatever came before, though nobody asks it."""

import contextlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import FakeWorld
from tests.fakes import REGIONS, SOURCE, TARGET, FakePens
from tests.unit.migrate.case import BUDGET, SKEW_BOUND
from tests.unit.migrate.hand import Hand

from landbridge.migrate.pens import place
from landbridge.migrate.step import State, Step
from landbridge.migrate.steps.close_lost import CloseLost
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.seize_pen import SeizePen
from landbridge.model.errors import Overtaken
from landbridge.model.pen import Domain, Epoch, PenSet, PenState
from landbridge.model.region import Region

DOMAIN = Domain.STATE
FATES = ("arrives", "late", "never")
WORDS = st.tuples(st.sampled_from(("move", "seize", "contact", "land")), st.sampled_from(sorted(REGIONS)), st.sampled_from(FATES))


@dataclass
class Opening:
    """An act to open a pen that was sent and has not arrived."""

    region: Region
    epoch: Epoch
    arrive: Callable[[], None]


@dataclass
class Outbox:
    """The pens as a step reaches them, but what opens one is only sent."""

    pens: FakePens
    sent: list[Opening] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pens, name)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """On its way."""
        self.sent.append(Opening(region, epoch, lambda: self.pens.open(region, domain, epoch, turn)))


@dataclass
class Past:
    """One platform's history: real steps on pens in memory, every intent in one chain."""

    world: FakeWorld = field(default_factory=FakeWorld)
    late: list[Opening] = field(default_factory=list)
    not_closed: set[Region] = field(default_factory=set)  # seized from, and not met again yet
    held: dict[int, set[Region]] = field(default_factory=lambda: defaultdict(set))
    hand: Hand = field(init=False)
    outbox: Any = field(init=False)

    def __post_init__(self) -> None:
        self.world.pens.fences = 1
        self.world.pens.lay(SOURCE, DOMAIN, PenState.OPEN, epoch=1)
        self.world.pens.lay(TARGET, DOMAIN, PenState.CLOSED, epoch=0)
        self.hand, self.outbox = Hand(self.world), Outbox(self.world.pens)

    def pens(self, region: Region) -> PenSet:
        """As they stand."""
        return self.world.pens.read(region, DOMAIN)

    def send(self, step: Step, fate: str) -> None:
        """The intent is in the chain; what becomes of its act is fate's."""
        self.hand.apply(step)
        opening = self.outbox.sent.pop()
        if fate == "late":
            self.late.append(opening)
        if fate == "arrives":
            opening.arrive()

    def land(self) -> None:
        """The oldest act under way arrives, and changes nothing when it is overtaken."""
        if self.late:
            with contextlib.suppress(Overtaken):
                self.late.pop(0).arrive()

    def move(self, source: Region, fate: str) -> None:
        """From where the pen is; what does not arrive in time is unwound, or given up with its region."""
        target = TARGET if source == SOURCE else SOURCE
        if self.not_closed or not self.pens(source).all_are(PenState.OPEN):
            return
        self.hand.begin()
        close = CloseSource(DOMAIN, source, target, self.world.pens)
        opens = OpenTarget(DOMAIN, source, target, self.outbox, self.world.regions, SKEW_BOUND, BUDGET)
        self.hand.forward(close)
        self.send(opens, fate)
        if fate == "never":
            self.hand.back(opens)
            self.hand.back(close)

    def seize(self, lost: Region, fate: str) -> None:
        """The first act may be late or lost; the second one arrives."""
        stays = TARGET if lost == SOURCE else SOURCE
        self.hand.begin()
        step = SeizePen(DOMAIN, lost, stays, self.outbox)
        self.world.pens.out.add(lost)
        for each in (fate, "arrives"):
            if self.hand.check(step).state is State.READY:
                self.send(step, each)
        assert self.hand.check(step).state is State.DONE
        self.world.pens.out.clear()
        self.not_closed = {lost}
        coming = [opening.epoch for opening in self.late if opening.region == lost]
        assert max([self.pens(lost).epoch, *coming]) < self.pens(stays).epoch

    def contact(self, lost: Region) -> None:
        """It is closed against everything that was ever meant to open it."""
        if lost in self.not_closed:
            self.hand.forward(CloseLost(DOMAIN, lost, self.world.pens))
            self.not_closed.clear()
            assert self.pens(lost).oldest_turn > self.hand.journal.progress.last_opening(place(DOMAIN, lost))

    def look(self) -> None:
        """No epoch is ever open on both sides, and none is above the number of the intent it came from."""
        for region in REGIONS:
            pens = self.pens(region)
            if pens.any_is(PenState.OPEN):
                self.held[pens.epoch].add(region)
                assert self.held[pens.epoch] == {region}
                assert pens.epoch <= max(pens.turn, 1)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=12))
def test_a_seized_pens_epoch_is_above_everything_at_the_lost_side(words: list[tuple[str, Region, str]]) -> None:
    """After any moves, unwound moves, earlier seizures, with or without contact, and acts that arrive late."""
    past = Past()
    for word, region, fate in words:
        match word:
            case "move":
                past.move(region, fate)
            case "seize":
                past.seize(region, fate)
            case "contact":
                past.contact(region)
            case _:
                past.land()
        past.look()
