"""The chain: linear, hashed, and grown only by whoever the chain itself says may."""

from collections import deque
from dataclasses import replace

import pytest
from tests.fakes import Clock, FakeJournalStore, Fate

from landbridge.migrate.journal import PUTS, Journal
from landbridge.migrate.record import FIRST_PREVIOUS, Kind, Record
from landbridge.model.errors import ChainBroken, LeaseHeld, Unreachable

LEASE, SKEW = 6.0, 2.0


class Table:
    """One chain and one clock, with as many engines as a test needs."""

    def __init__(self) -> None:
        self.clock, self.store = Clock(), FakeJournalStore()

    def journal(self, who: str = "one") -> Journal:
        """A view that has read everything."""
        journal = Journal(self.store, who, self.clock, LEASE, SKEW)
        journal.refresh()
        return journal

    def working(self, who: str = "one") -> Journal:
        """A view that has the lease."""
        journal = self.journal(who)
        journal.hold_lease()
        return journal


def test_records_follow_each_other_by_hash() -> None:
    """Numbers without a gap, each naming the hash of the one before."""
    journal = Table().working()
    for step in "abc":
        journal.append(Kind.FOUND, step, "seen", {"state": "waiting"})
    previous = [FIRST_PREVIOUS, *(record.hash for record in journal.records)]
    assert [record.previous for record in journal.records] == previous[:-1]
    assert [record.number for record in journal.records] == [1, 2, 3, 4]


def test_a_record_reads_back_as_it_was_written() -> None:
    """Its text carries all of it, and the hash is of that text."""
    record = Record(7, "f" * 64, Kind.INTENT, 3, "one", 1_000_000.123456, "a", "why", {"before": {"on": None}, "opens": "x"})
    assert Record.of(record.body()) == record
    assert Record.of(record.body()).hash == record.hash
    assert replace(record, why="else").hash != record.hash


def test_the_first_engine_takes_the_lease_in_term_one() -> None:
    """An empty chain belongs to nobody."""
    journal = Table().working()
    assert [(r.kind, r.term, r.why) for r in journal.records] == [(Kind.LEASE, 1, "taken")]
    assert journal.lease_left == pytest.approx(LEASE)


def test_a_second_engine_is_refused_until_lease_and_skew_bound_are_over() -> None:
    """To the very end of both; then it takes the next term."""
    table = Table()
    table.working()
    second = table.journal("two")
    for _ in range(2):
        with pytest.raises(LeaseHeld) as held:
            second.hold_lease()
        assert (held.value.holder, held.value.term) == ("one", 1)
        table.clock.sleep(LEASE + SKEW - 0.001)
    table.clock.sleep(0.002 - (LEASE + SKEW - 0.001))
    second.hold_lease()
    assert [(record.who, record.term) for record in second.records] == [("one", 1), ("two", 2)]


def test_any_record_of_the_term_renews_the_lease() -> None:
    """An engine that writes needs no record of its own to keep the lease."""
    table = Table()
    first = table.working()
    table.clock.sleep(LEASE - 1)
    first.append(Kind.FOUND, "a", "seen", {"state": "waiting"})
    assert first.lease_left == pytest.approx(LEASE)
    table.clock.sleep(LEASE - 1 + SKEW)
    with pytest.raises(LeaseHeld):
        table.journal("two").hold_lease()


def test_a_quiet_engine_renews_its_lease_at_half_time() -> None:
    """Not at every tick, and in the same term."""
    table = Table()
    first = table.working()
    first.hold_lease()
    table.clock.sleep(LEASE / 2 + 0.1)
    first.hold_lease()
    assert [(record.term, record.why) for record in first.records] == [(1, "taken"), (1, "renewed")]


def test_a_released_lease_can_be_taken_at_once() -> None:
    """Nobody waits for an engine that said it is finished."""
    table = Table()
    first = table.working()
    first.release()
    second = table.working("two")
    assert [record.term for record in second.records] == [1, 1, 2]
    assert first.lease_left <= 0


def test_releasing_anothers_lease_does_nothing() -> None:
    """An engine that lost its lease leaves the other one alone."""
    table = Table()
    first = table.working()
    table.clock.sleep(LEASE + SKEW)
    table.working("two")
    first.refresh()
    first.release()
    assert table.store.kept[-1].who == "two"


def test_a_release_that_meets_another_record_is_tried_behind_it() -> None:
    """An operator's decision in between does not keep the lease alive."""
    table = Table()
    first = table.working()
    table.journal("operator").ask("abort", "why not")
    first.release()
    assert [record.why for record in table.store.kept] == ["taken", "why not", "released"]


def test_an_append_after_the_lease_was_lost_is_refused() -> None:
    """The engine that woke up late learns who works now, and its record is nowhere."""
    table = Table()
    first = table.working()
    table.clock.sleep(LEASE + SKEW)
    second = table.working("two")
    second.append(Kind.FOUND, "a", "seen", {"state": "waiting"})
    with pytest.raises(LeaseHeld, match="engine two holds the lease"):
        first.append(Kind.FOUND, "a", "late", {"state": "done"})
    assert "late" not in [record.why for record in table.store.kept]
    with pytest.raises(LeaseHeld):
        first.hold_lease()
    assert first.lease_left == 0.0


def test_an_append_without_any_lease_is_refused() -> None:
    """Nobody's chain is still not anybody's."""
    with pytest.raises(LeaseHeld, match="engine nobody"):
        Table().journal().append(Kind.FOUND, "a", "seen", {"state": "done"})


def test_a_lease_renewed_at_the_last_moment_is_not_taken() -> None:
    """The holder's record got the number the other engine wanted: its lease lives, so the other one gives up."""
    table = Table()
    first, second = table.working(), table.journal("two")
    table.clock.sleep(LEASE + SKEW)
    table.store.on_put = lambda record: first.hold_lease() if record.who == "two" else None
    with pytest.raises(LeaseHeld) as held:
        second.hold_lease()
    assert held.value.holder == "one"
    assert {record.who for record in table.store.kept} == {"one"}


def test_an_operators_record_does_not_keep_a_lease_from_being_taken() -> None:
    """It got the number first, and the lease is as free as before."""
    table = Table()
    operator, second = table.journal("operator"), table.journal("two")

    def meanwhile(record: Record) -> None:
        if record.who == "two" and not table.store.kept:
            operator.ask("abort", "now")

    table.store.on_put = meanwhile
    second.hold_lease()
    assert [record.who for record in table.store.kept] == ["operator", "two"]
    assert second.lease_left == pytest.approx(LEASE)


def test_an_operator_needs_no_lease_and_does_not_touch_it() -> None:
    """A decision is in the chain while an engine works, which goes on behind it."""
    table = Table()
    first = table.working()
    table.clock.sleep(1)
    asked = table.journal("operator").ask("abort", "the night is over")
    added = first.append(Kind.FOUND, "a", "seen", {"state": "waiting"})
    assert (asked.term, added.number) == (0, asked.number + 1)
    assert first.progress.asked == [asked]


def test_an_operator_asks_behind_whatever_comes_in_between() -> None:
    """The number was taken; the decision goes behind."""
    table = Table()
    first = table.working()
    operator = table.journal("operator")

    def meanwhile(record: Record) -> None:
        if record.who == "operator" and len(table.store.kept) < 3:
            first.append(Kind.FOUND, "a", "seen", {"state": "waiting"})

    table.store.on_put = meanwhile
    assert operator.ask("abort", "now").number == 4


@pytest.mark.parametrize("fate", [Fate.ANSWER_LOST, Fate.LOST, Fate.LATE])
def test_a_lost_answer_is_settled_by_reading(fate: Fate) -> None:
    """Written or not, the record stands once, whatever became of the first put."""
    table = Table()
    journal = table.working()
    table.store.fates = deque([fate])
    added = journal.append(Kind.FOUND, "a", "seen", {"state": "waiting"})
    table.store.land()
    assert [record.why for record in table.store.kept] == ["taken", "seen"]
    assert table.store.kept[-1].hash == added.hash


def test_a_journal_that_does_not_answer_holds_the_engine() -> None:
    """After a few puts the outcome stays unknown, and nothing may be done."""
    table = Table()
    journal = table.working()
    table.store.fates = deque([Fate.LOST] * PUTS)
    with pytest.raises(Unreachable, match="fake did not answer"):
        journal.append(Kind.FOUND, "a", "seen", {"state": "waiting"})


def test_a_store_that_forgets_what_it_acknowledged_is_not_believed() -> None:
    """An acknowledged record that can't be read back is no record."""
    table = Table()
    journal = table.working()
    table.store.put = lambda _record: True  # type: ignore[method-assign, assignment]  # keeps nothing
    with pytest.raises(Unreachable, match="acknowledged can't be read back"):
        journal.append(Kind.FOUND, "a", "seen", {"state": "waiting"})


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_tampered_record_breaks_the_chain(at: int) -> None:
    """Any change of any record but the last is noticed by whoever reads the chain."""
    table = Table()
    journal = table.working()
    for step in "abc":
        journal.append(Kind.FOUND, step, "seen", {"state": "waiting"})
    table.store.kept[at] = replace(table.store.kept[at], why="never happened")
    with pytest.raises(ChainBroken, match=rf"journal fake is broken at record {at + 2}: it does not follow from record {at + 1}"):
        table.journal("reader")


def test_a_missing_record_breaks_the_chain() -> None:
    """A gap is no chain."""
    table = Table()
    journal = table.working()
    journal.append(Kind.FOUND, "a", "seen", {"state": "waiting"})
    del table.store.kept[0]
    with pytest.raises(ChainBroken):
        table.journal("reader")
