"""The engine moves the effects on two real servers while workers of both regions apply what is ordered all the time."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.builders import trading
from tests.contract.database.place import DATABASE, GLOBAL, NAMES, PASSWORD, REGIONS, USER, Place, S, T, eventually
from tests.fake_regions import FakeRegions
from tests.fakes import Clock, FakeJournalStore, FakePens

from landbridge.migrate.adapters.command_copies import TURN, user_of
from landbridge.migrate.adapters.database_writer import DatabaseWriter
from landbridge.migrate.adapters.effects import EffectMarks, EffectsCopies, EffectsDatabase, EffectsPens, FenceRow
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.cutover import Movers, cutover
from landbridge.migrate.progress import Outcome
from landbridge.model.command import CommandItem
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.rehearse.command_book import Sent
from landbridge.rehearse.effects_book import EffectsVerdict, effects_copy, settle_effects
from landbridge.replicate.aurora import Aurora
from landbridge.replicate.login import Login
from landbridge.workloads.postgres import Server
from landbridge.workloads.trading.effects import sweep
from landbridge.workloads.trading.effects_database import PostgresEffects
from landbridge.workloads.trading.orders import order

CONFIG = trading({"approvals": {"cutover": 0}, "calendar": {"hours": []}})
EFFECTS, BODY = Domain.EFFECTS, order({"kind": "unnote", "note": "cars"})


class Secrets:
    """The one password there is."""

    def get_secret_value(self, **_asked: str) -> dict[str, str]:
        """In the form of a secret."""
        return {"SecretString": json.dumps({"username": USER, "password": PASSWORD})}


@dataclass
class Desk:
    """Whatever is accepted, in both regions at once; commands of ours among it."""

    accepted: dict[tuple[str, int], CommandItem] = field(default_factory=dict)

    def order(self, user: str, key: str) -> None:
        """The user's next one."""
        number = self.heads().get(user, 0) + 1
        self.accepted[user, number] = CommandItem(user, number, key, Epoch(1), BODY)

    def send(self, _region: Region, mark: str, turn: int) -> None:
        """One of ours."""
        self.order(user_of(mark), f"{TURN}{turn}")

    def heads(self) -> dict[str, int]:
        """Each user's newest number."""
        return dict(sorted(self.accepted))

    def command(self, user: str, number: int) -> CommandItem | None:
        """One of them."""
        return self.accepted.get((user, number))


class Case:
    """Two joined servers, a worker beside each, and the engine."""

    def __init__(self, place: Place) -> None:
        self.place, self.desk, self.store = place, Desk(), FakeJournalStore()
        aurora, self.masters, commands = Aurora(place.clients), FakePens(Clock(), fences=0), self._commands()
        self.database = EffectsDatabase(aurora, GLOBAL, NAMES, REGIONS, Login(USER, lambda: PASSWORD, DATABASE, {}))
        pens = EffectsPens(FakePens(Clock()), self.masters, FenceRow(self.database, time.time))
        marks = EffectMarks(self.database, commands)
        writer = DatabaseWriter(aurora, GLOBAL, REGIONS)
        self.movers = Movers(pens, {EFFECTS: EffectsCopies(self.database)}, {EFFECTS: marks}, None, writer)
        pens.open(S, EFFECTS, Epoch(1), 1)
        self.workers = {region: self._worker(region) for region in REGIONS}

    def _commands(self) -> Any:
        return self.desk

    def _worker(self, region: Region) -> PostgresEffects:
        at = self.place.endpoint(self.place.source if region == S else self.place.target)
        return PostgresEffects(Server(Secrets(), address=lambda: f"{at.host}:{at.port}", secret=lambda: "one", database=DATABASE))

    def sweep(self) -> None:
        """A round of both workers, each by its own region's pen."""
        for region, worker in self.workers.items():
            pen = self.masters.read(region, EFFECTS).master
            sweep(region=region, pen=pen, copy=self.desk, database=worker)

    def move(self, *, back: bool = False) -> Outcome | None:
        """To the end of its plan; somebody orders at every tick."""
        pair = REGIONS.swapped() if back else REGIONS
        plan = Plan(f"to {pair.target}", cutover(CONFIG, self.movers, FakeRegions(), pair, back=back))
        engine = Engine(plan, Journal(self.store, "engine", time.time, lease_seconds=60, skew_bound=2))
        while (tick := engine.advance()) is not Tick.ENDED:
            assert tick is not Tick.HELD, engine.journal.records[-1].why
            self.desk.order("ada" if len(self.desk.accepted) % 2 else "zoe", f"key-{len(self.desk.accepted)}")
            self.sweep()
            time.sleep(0.1)
        return engine.journal.progress.outcome

    def found(self) -> EffectsVerdict:
        """What both servers have done, against what people ordered."""
        items = {place: item for place, item in self.desk.accepted.items() if not place[0].startswith("~")}
        promised = {place: Sent(item.user, item.number, item.key, item.body) for place, item in items.items()}
        copies = {region: effects_copy(self.database, region) for region in REGIONS}
        return settle_effects(promised.values(), promised, copies)


@pytest.fixture(name="case")
def _case(tmp_path: Path) -> Iterator[Case]:
    """The source's the writer, and nothing done yet."""
    with Place(tmp_path / "own") as place:
        place.create()
        place.join()
        place.quiet()
        case = Case(place)
        yield case
        for worker in case.workers.values():
            worker._drop()


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.1, 60.0])
def test_effects_move_there_and_back_while_people_order(case: Case, seconds: float) -> None:
    """Each command applied once and in order on both servers, however long the switchover there takes."""
    case.place.databases.knobs.switchover_seconds = seconds
    assert case.move() is Outcome.DONE
    assert case.database.writer() == T
    case.place.databases.knobs.switchover_seconds = 0.1
    case.place.quiet()
    assert case.move(back=True) is Outcome.DONE
    assert case.database.writer() == S
    case.place.quiet()
    case.sweep()
    eventually(lambda: case.found() == EffectsVerdict((), (), (), ()))
    assert len(case.desk.accepted) > 20
