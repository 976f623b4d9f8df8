"""The journal's port, as fake and as table: one record a number, and a reader sees all of it in order."""

from dataclasses import replace

import pytest
from tests.contract.migrate.tables import Tables
from tests.fake_looks import FakeLooks
from tests.fakes import SOURCE, Clock, FakeJournalStore

from landbridge.migrate.adapters.journal_table import JournalTable
from landbridge.migrate.adapters.look_table import LookTable
from landbridge.migrate.journal import Journal, JournalStore
from landbridge.migrate.looks import Look, Looks
from landbridge.migrate.record import FIRST_PREVIOUS, Kind, Record
from landbridge.model.errors import Refused
from landbridge.traffic.window import Answers


@pytest.fixture(params=["fake", "table"])
def store(request: pytest.FixtureRequest) -> JournalStore:
    """One suite for both."""
    if request.param == "fake":
        return FakeJournalStore()
    tables: Tables = request.getfixturevalue("tables")
    return JournalTable(tables.clients, SOURCE, tables.make("journal", SOURCE), "fake")


def record(number: int, why: str = "seen") -> Record:
    """One with everything in it."""
    data = {"state": "waiting", "lag_ms": 250, "share": 0.5, "text": "ü", "none": None, "list": [1, {"a": True}]}
    return Record(number, FIRST_PREVIOUS, Kind.FOUND, 1, "one", 1_763_000_000.123456, "a", why, data)


def test_an_empty_chain_has_no_records(store: JournalStore) -> None:
    """And a name."""
    assert store.after(0) == []
    assert store.chain == "fake"


def test_what_is_put_is_read_as_it_was(store: JournalStore) -> None:
    """To the hash."""
    assert store.put(record(1))
    (read,) = store.after(0)
    assert (read, read.hash) == (record(1), record(1).hash)


def test_a_number_is_given_once(store: JournalStore) -> None:
    """The second is told, and the first stands."""
    assert store.put(record(1, "first"))
    assert not store.put(record(1, "second"))
    assert not store.put(record(1, "first"))
    assert [each.why for each in store.after(0)] == ["first"]


def test_a_reader_gets_what_is_above_its_number_in_order(store: JournalStore) -> None:
    """Ten comes after nine."""
    for number in range(1, 13):
        store.put(record(number))
    assert [each.number for each in store.after(8)] == [9, 10, 11, 12]
    assert store.after(12) == []


def test_the_newest_are_read_without_the_rest(tables: Tables) -> None:
    """Newest first, so many at the most."""
    table = JournalTable(tables.clients, SOURCE, tables.make("journal", SOURCE), "fake")
    for number in range(1, 13):
        table.put(record(number))
    assert [each.number for each in table.newest(3)] == [12, 11, 10]
    assert len(table.newest(50)) == 12


def test_journals_work_over_it(store: JournalStore) -> None:
    """Two views of one chain agree to the hash."""
    clock = Clock()
    one, other = (Journal(store, who, clock, 6, 2) for who in ("one", "two"))
    one.hold_lease()
    one.append(Kind.INTENT, "a", "now", {"verb": "apply", "before": {"standing": ["x"]}, "opens": None})
    other.ask("abort", "because")
    assert [each.hash for each in other.records] == [each.hash for each in one.records] + [other.records[-1].hash]


def test_chains_share_a_table_without_meeting(tables: Tables) -> None:
    """One platform's records are not another's."""
    name = tables.make("journal", SOURCE)
    one, other = (JournalTable(tables.clients, SOURCE, name, chain) for chain in ("prod", "test"))
    one.put(record(1))
    assert other.after(0) == []
    assert other.put(replace(record(1), why="another's"))


def look(at: float) -> Look:
    """One of that time."""
    return Look(at, at - 3.5, Answers(at, 3, 1, 0, (0.1, 0.25)), Answers(at, 3, 0, 1, (0.1, 0.2 + 0.1)))


@pytest.mark.parametrize("kind", ["fake", "table"])
def test_looks_are_read_back_from_a_moment_on_and_are_no_records(kind: str, request: pytest.FixtureRequest) -> None:
    """In order, to the last digit, and only those of the own run."""
    if kind == "fake":
        looks: Looks = FakeLooks()
    else:
        tables: Tables = request.getfixturevalue("tables")
        chain = JournalTable(tables.clients, SOURCE, tables.make("journal", SOURCE), "fake")
        looks = LookTable(chain, run=7)
        LookTable(chain, run=6).keep(look(5000.5))
        assert chain.put(record(1))
    for at in (4999.999, 5000.0, 5004.25, 15000.0):
        looks.keep(look(at))
    assert list(looks.since(5000.0)) == [look(5000.0), look(5004.25), look(15000.0)]
    if kind == "table":
        assert chain.after(0) == [record(1)]


def test_long_chains_are_read_whole(tables: Tables) -> None:
    """Past what one page of a query holds."""
    store = JournalTable(tables.clients, SOURCE, tables.make("journal", SOURCE), "long")
    for number in range(1, 8):
        store.put(record(number, "x" * 200_000))
    assert [each.number for each in store.after(0)] == list(range(1, 8))


def test_a_table_that_is_not_there_refuses(tables: Tables) -> None:
    """It is never taken for an empty chain, or for a number that is taken."""
    store = JournalTable(tables.clients, SOURCE, "nowhere-at-all", "fake")
    with pytest.raises(Refused, match="ResourceNotFoundException"):
        store.after(0)
    with pytest.raises(Refused, match="ResourceNotFoundException"):
        store.put(record(1))
