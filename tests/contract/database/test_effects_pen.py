"""The pen of the effects on a real database over two regions: no effect without its row, nothing unproved, one holder."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.contract.database.place import DATABASE, GLOBAL, NAMES, PASSWORD, REGIONS, USER, Place, S, T, eventually
from tests.fakes import Clock, FakePens

from landbridge.migrate.adapters.effects import EffectMarks, EffectsCopies, EffectsDatabase, EffectsPens, FenceRow
from landbridge.migrate.adapters.leaving.use import Effects
from landbridge.model.command import CommandItem
from landbridge.model.errors import Overtaken, Unreachable
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region
from landbridge.replicate.aurora import Aurora
from landbridge.replicate.login import Login
from landbridge.workloads.postgres import Server
from landbridge.workloads.trading.effects import Applied, NotHolder
from landbridge.workloads.trading.effects_database import PostgresEffects

EFFECTS = Domain.EFFECTS
CLOSED, OPEN = PenState.CLOSED, PenState.OPEN


class Secrets:
    """The one password there is."""

    def get_secret_value(self, **_asked: str) -> dict[str, str]:
        """In the form of a secret."""
        return {"SecretString": json.dumps({"username": USER, "password": PASSWORD})}


@dataclass
class Sent:
    """Commands of ours are written down instead of sent."""

    sent: list[tuple[Region, str, int]] = field(default_factory=list)

    def send(self, region: Region, mark: str, turn: int) -> None:
        """By whom, and where."""
        self.sent.append((region, mark, turn))


class Case:
    """A joined database, and everything the engine holds of its pen."""

    def __init__(self, place: Place) -> None:
        self.place, self.workers = place, list[PostgresEffects]()
        login = Login(USER, lambda: PASSWORD, DATABASE, {})
        self.database = EffectsDatabase(Aurora(place.clients), GLOBAL, NAMES, REGIONS, login)
        self.masters = FakePens(Clock(), fences=0)
        self.pens = EffectsPens(FakePens(Clock()), self.masters, FenceRow(self.database, time.time))
        self.copies, self.commands = EffectsCopies(self.database), Sent()
        marks: Any = self.commands
        self.marks = EffectMarks(self.database, marks)

    def worker(self, region: Region) -> PostgresEffects:
        """The region's own, at its own cluster."""
        cluster = self.place.source if region == S else self.place.target
        at = self.place.endpoint(cluster)
        made = PostgresEffects(
            Server(Secrets(), address=lambda: f"{at.host}:{at.port}", secret=lambda: "secret", database=DATABASE)
        )
        self.workers.append(made)
        return made


@pytest.fixture(scope="module", name="place")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two clusters, joined."""
    folder: Path = tmp_path_factory.mktemp("effects") / "own"
    with Place(folder) as place:
        place.create()
        place.join()
        place.quiet()
        yield place


@pytest.fixture(name="case")
def _case(place: Place) -> Iterator[Case]:
    """Nothing written yet, the source's the writer."""
    if not place.source.writes:
        place.switch(place.source)
        place.quiet()
    case = Case(place)
    case.database.at_writer("DROP SCHEMA IF EXISTS trading CASCADE")
    yield case
    for worker in case.workers:
        worker._drop()


def _item(number: int) -> CommandItem:
    return CommandItem("ada", number, f"key-{number}", Epoch(1), '{"kind":"unnote","note":"n"}')


def test_a_move_of_the_effects_leaves_one_holder_and_loses_nothing(case: Case) -> None:
    """Closed, proved in the target's own copy, switched, opened: the old holder's worker then does nothing."""
    pens, worker = case.pens, case.worker(S)
    pens.open(S, EFFECTS, Epoch(1), 1)
    assert [worker.apply(_item(number), S, Epoch(1)) for number in (1, 2)] == [Applied()] * 2
    pens.close(S, EFFECTS, 5)
    assert pens.read(S, EFFECTS).all_are(CLOSED)
    assert worker.apply(_item(3), S, Epoch(1)) == NotHolder()
    wanted = case.copies.accepted(S, Epoch(1), 0.0)
    assert wanted == {"ada": "2 key-2"}
    eventually(lambda: not case.copies.lacking(T, wanted))
    case.place.switch(case.place.target)
    case.place.quiet()
    case.marks.put(T, "reverse", 7)
    eventually(lambda: case.marks.read(S, "reverse") == 7)
    pens.open(T, EFFECTS, Epoch(2), 8)
    assert [pens.read(region, EFFECTS).all_are(state) for region, state in ((S, CLOSED), (T, OPEN))] == [True] * 2
    assert case.worker(T).apply(_item(3), T, Epoch(2)) == Applied()


def test_effects_from_before_the_row_moved_are_the_sources(case: Case) -> None:
    """And all of them while it holds the row; what took effect before the asked moment counts no more."""
    pens, count = case.pens, Effects(case.database, T).count
    began = time.time()
    pens.open(S, EFFECTS, Epoch(1), 1)
    case.worker(S).apply(_item(1), S, Epoch(1))
    assert (count(began - 1), count(time.time() + 60)) == (1, 0)
    pens.close(S, EFFECTS, 2)
    case.place.switch(case.place.target)
    case.place.quiet()
    pens.open(T, EFFECTS, Epoch(2), 3)
    assert case.worker(T).apply(_item(2), T, Epoch(2)) == Applied()
    assert count(began - 1) == 1


def test_what_has_not_arrived_is_lacking(case: Case) -> None:
    """Another number or another key under it; ours are wanted of nobody."""
    case.pens.open(S, EFFECTS, Epoch(1), 1)
    case.worker(S).apply(_item(1), S, Epoch(1))
    case.database.at_writer("INSERT INTO trading.applied VALUES ('~canary-x', 1, 'turn-3')")
    assert case.copies.accepted(S, Epoch(1), 0.0) == {"ada": "1 key-1"}
    eventually(lambda: not case.copies.lacking(T, {"ada": "1 key-1"}))
    assert case.copies.lacking(T, {"ada": "1 other", "bob": "1 key"}) == ["ada", "bob"]


def test_before_anything_is_made_nobody_holds_the_row(case: Case) -> None:
    """And the first to lay it makes it."""
    assert case.pens.read(T, EFFECTS).fences == (None,)
    case.pens.close(T, EFFECTS, 3)
    assert case.pens.read(T, EFFECTS).all_are(CLOSED)


def test_an_act_that_comes_late_changes_nothing(case: Case) -> None:
    """Its turn is not above what stands, whatever it is."""
    case.pens.open(S, EFFECTS, Epoch(1), 4)
    with pytest.raises(Overtaken):
        case.pens.row.close(S, 3)
    with pytest.raises(Overtaken):
        case.pens.row.open(T, Epoch(9), 3)
    assert case.pens.read(S, EFFECTS).all_are(OPEN)


def test_the_other_sides_row_is_not_closed(case: Case) -> None:
    """A close is of the own side; the engine hears who holds it."""
    case.pens.open(S, EFFECTS, Epoch(1), 1)
    with pytest.raises(Unreachable, match="us-east-1 holds the database's fence row"):
        case.pens.close(T, EFFECTS, 5)
    assert case.pens.read(S, EFFECTS).all_are(OPEN)


def test_a_barred_target_takes_no_older_opening(case: Case) -> None:
    """Master and row have seen the newer turn; an open master is not barred."""
    pens = case.pens
    pens.close(T, EFFECTS, 2)
    assert pens.bar(T, EFFECTS, 6)
    with pytest.raises(Overtaken):
        pens.row.open(T, Epoch(2), 5)
    pens.open(T, EFFECTS, Epoch(2), 7)
    assert not pens.bar(T, EFFECTS, 8)
    assert pens.read(T, EFFECTS).all_are(OPEN)


def test_other_pens_are_the_tables(case: Case) -> None:
    """No row is asked for them."""
    case.pens.open(S, Domain.STATE, Epoch(1), 1)
    assert case.pens.read(S, Domain.STATE).all_are(OPEN)
    assert case.pens.bar(T, Domain.STATE, 3)
    case.pens.close(S, Domain.STATE, 4)
    assert case.pens.read(S, Domain.STATE).all_are(CLOSED)


def test_a_mark_is_sent_as_a_command_and_found_where_it_was_applied(case: Case) -> None:
    """Under a user of ours, by its turn."""
    case.pens.open(S, EFFECTS, Epoch(1), 1)
    case.marks.send(S, "eu", 9)
    assert case.commands.sent == [(S, "effect-eu", 9)]
    assert case.marks.read(S, "eu") == 0
    case.database.at_writer("INSERT INTO trading.applied VALUES ('~canary-effect-eu', 2, 'turn-9')")
    eventually(lambda: case.marks.read(T, "eu") == 9)
