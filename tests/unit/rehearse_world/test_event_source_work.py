"""Whatever fails and whoever dies: every record is accepted or set aside, in its key's order, and no place goes back."""

import random
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.rehearse.fabric.event_source.lane import Act
from landbridge.rehearse.fabric.event_source.outcome import Outcome
from landbridge.rehearse.fabric.event_source.record import Place, Record
from landbridge.rehearse.fabric.event_source.settings import Settings
from landbridge.rehearse.fabric.event_source.work import Kept, ShardWork

MAPPING = Settings("mapping", "function", "stream", wanted=True, start="TRIM_HORIZON")
FOR_EVER = 10**9


@dataclass(frozen=True)
class Bad:
    """How a record fails: so often, by raising or by being reported."""

    times: int
    raises: bool


@dataclass
class Play:
    """A shard, a function that fails as drawn, and somebody who does things in any order; checks as it goes."""

    mapping: Settings
    records: list[Record]
    bad: dict[str, Bad]
    chance: random.Random
    crashes: bool
    now: float = 0.0
    accepted: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)
    under_way: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.work = ShardWork(self.mapping, Kept(Place()), self.now)

    def run(self) -> None:
        """Until everything is settled."""
        for _ in range(20_000):
            if self.accepted | self.aside == {record.sequence for record in self.records}:
                return
            before = self.work.checkpoint
            self.chance.choice([self.take, self.begin, self.finish, self.finish, self.wait, self.disturb])()
            assert int(self.work.checkpoint.after or 0) >= int(before.after or 0)
            self.check_checkpoint()
        raise AssertionError(f"never settled: {[one for one in self.records if one.sequence not in self.accepted | self.aside]}")

    def take(self) -> None:
        """Some of the records that follow."""
        following = [record for record in self.records if int(record.sequence) > int(self.work.place.after or 0)]
        if self.work.is_hungry:
            self.work.take(following[: self.chance.randint(1, 6)], self.now)

    def begin(self) -> None:
        """Whatever is due; no key's record before the earlier ones of its key are dealt with."""
        for act in self.work.due(self.now):
            self.under_way.append(act)
            if act.condition is None:
                self.check_order(act)

    def finish(self) -> None:
        """One of the acts under way comes to its end."""
        if not self.under_way:
            return
        act = self.under_way.pop(self.chance.randrange(len(self.under_way)))
        if act.condition is not None:
            done = self.chance.random() < 0.7
            self.aside |= {record.sequence for record in act.records} if done else set()
            self.work.set_aside(act, self.now, done=done)
        elif self.chance.random() < 0.1:
            self.work.invoked(act, Outcome(refused="429"), self.now)
        else:
            self.work.invoked(act, self.invoke(act), self.now)

    def invoke(self, act: Act) -> Outcome:
        """The function: raises, reports, or accepts."""
        failing = [record for record in act.records if self.seen.get(record.sequence, 0) < self.fails(record).times]
        for record in act.records:
            self.seen[record.sequence] = self.seen.get(record.sequence, 0) + 1
        if failing and (not self.mapping.reports or any(self.fails(record).raises for record in failing)):
            return Outcome(error="Unhandled")
        first = act.records.index(failing[0]) if failing else len(act.records)
        self.accepted |= {record.sequence for record in act.records[:first]}
        return Outcome(answer={"batchItemFailures": [{"itemIdentifier": record.sequence} for record in failing]})

    def fails(self, record: Record) -> Bad:
        """How this one does."""
        return self.bad.get(record.sequence, Bad(0, raises=False))

    def wait(self) -> None:
        """Time passes."""
        self.now += self.chance.choice([0.05, 0.5, 2.0])

    def disturb(self) -> None:
        """Seldom: it is stopped and started with another factor, or the poller dies with what is under way."""
        if self.chance.random() < 0.9:
            return
        if self.crashes:
            self.under_way.clear()
            self.work = ShardWork(self.mapping, Kept(self.work.checkpoint), self.now)
            return
        while self.under_way:
            self.finish()
        self.mapping = replace(self.mapping, lanes=self.chance.randint(1, 4))
        self.work = ShardWork(self.mapping, self.work.kept, self.now)

    def check_order(self, act: Act) -> None:
        """Earlier records of a key are accepted or aside, or stand before it in the same batch."""
        dealt_with = self.accepted | self.aside
        for index, record in enumerate(act.records):
            assert self.crashes or record.sequence not in dealt_with, "given again although settled"
            earlier = {one.sequence for one in self.records if one.key == record.key and int(one.sequence) < int(record.sequence)}
            assert earlier <= dealt_with | {one.sequence for one in act.records[:index]}, "overtaken"

    def check_checkpoint(self) -> None:
        """Nothing before it is open."""
        behind = {one.sequence for one in self.records if int(one.sequence) <= int(self.work.checkpoint.after or 0)}
        assert behind <= self.accepted | self.aside, "the checkpoint passed a record that is open"


mappings = st.builds(
    lambda **drawn: replace(MAPPING, **drawn),
    batch_size=st.integers(1, 6),
    window=st.sampled_from([0.0, 2.0]),
    lanes=st.integers(1, 4),
    retries=st.sampled_from([0, 2]),
    max_age=st.sampled_from([-1, 5]),
    bisect=st.booleans(),
    reports=st.booleans(),
)
bad = st.dictionaries(
    st.integers(1, 24).map(str), st.builds(Bad, st.sampled_from([1, 2, 3, FOR_EVER]), st.booleans()), max_size=8
)

keys_put, seeds = st.lists(st.integers(0, 4), min_size=1, max_size=24), st.integers(0, 2**32)


def play(mapping: Settings, keys: list[int], failing: dict[str, Bad], seed: int, *, crashes: bool) -> Play:
    """A play to its end."""
    records = [Record(str(number + 1), f"key{key}", "", 0.1 * number) for number, key in enumerate(keys)]
    made = Play(mapping, records, failing, random.Random(seed), crashes)
    made.run()
    return made


@settings(max_examples=150, deadline=None)
@given(mapping=mappings, keys=keys_put, failing=bad, seed=seeds, crashes=st.booleans())
def test_every_record_is_accepted_or_set_aside(
    *, mapping: Settings, keys: list[int], failing: dict[str, Bad], seed: int, crashes: bool
) -> None:
    """For any pattern of failures, refusals, stops and deaths; order of a key and checkpoint are checked at every turn."""
    play(mapping, keys, failing, seed, crashes=crashes)


@settings(max_examples=60, deadline=None)
@given(mapping=mappings, keys=keys_put, failing=bad, seed=seeds)
def test_bisecting_sets_aside_nothing_but_what_always_fails(
    mapping: Settings, keys: list[int], failing: dict[str, Bad], seed: int
) -> None:
    """With unlimited age and retries enough for what fails only for a while."""
    patient = replace(mapping, bisect=True, max_age=-1, retries=5)
    made = play(patient, keys, failing, seed, crashes=False)
    assert made.aside == {number for number, how in failing.items() if how.times == FOR_EVER and int(number) <= len(keys)}


@settings(max_examples=60, deadline=None)
@given(mapping=mappings, keys=keys_put, failing=bad, seed=seeds, crashes=st.booleans())
def test_without_limits_nothing_is_ever_set_aside(
    *, mapping: Settings, keys: list[int], failing: dict[str, Bad], seed: int, crashes: bool
) -> None:
    """Retries and age of -1: what fails for a while is accepted in the end."""
    passing = {number: replace(how, times=min(how.times, 3)) for number, how in failing.items()}
    made = play(replace(mapping, max_age=-1, retries=-1), keys, passing, seed, crashes=crashes)
    assert not made.aside
