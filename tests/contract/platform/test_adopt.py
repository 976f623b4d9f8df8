"""What runs at the source is read, told of and taken over with everything in it, by the verb and by the plan's step."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.contract.platform.alone import alone
from tests.contract.platform.emulators import SOURCE
from tests.contract.platform.verbs import ROOT, Operator

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.deploy.drift import drift
from landbridge.deploy.graph import Place
from landbridge.deploy.run import Patience, deploy_all
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.source_estate import SourceEstate
from landbridge.model.hearts import TABLES
from landbridge.rehearse.by_hand import make_tables

SUFFIX = "adopts"
NAMED = {kind: f"trading-analytics-{kind}-{SUFFIX}" for kind in TABLES}
KEY = {"user": {"S": "u"}, "view": {"S": "v"}}
SECONDS = 120


@pytest.fixture(name="clients")
def _clients(tmp_path: Path) -> Iterator[Clients]:
    with alone(tmp_path) as clients:
        yield clients


def _run_without_us(clients: Clients, trading: Trading) -> Migration:
    """Somebody's tables, by the names ours have, with something in one."""
    platform = trading.platform.model_copy(update={"environment_suffix": SUFFIX})
    ours = trading.model_copy(update={"platform": platform})
    migration = Migration(clients, ours, ROOT / "templates", time.time, time.sleep)
    make_tables(migration.deployer, SOURCE)
    clients.client("dynamodb", SOURCE).put_item(TableName=NAMED["state"], Item={**KEY, "value": {"S": "kept"}})
    return migration


def _restorable(clients: Clients, *, wanted: bool) -> None:
    for name in NAMED.values():
        told = {"PointInTimeRecoveryEnabled": wanted}
        clients.client("dynamodb", SOURCE).update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=told)


def _kept(clients: Clients) -> str:
    return str(clients.client("dynamodb", SOURCE).get_item(TableName=NAMED["state"], Key=KEY)["Item"]["value"]["S"])


@pytest.mark.slow
def test_a_running_source_is_told_of_then_refused_then_taken_over(clients: Clients, trading: Trading, tmp_path: Path) -> None:
    """Nothing is done without --yes or beside an obstacle; what was in the tables is in them, and a second time finds nothing."""
    _run_without_us(clients, trading)
    _restorable(clients, wanted=False)
    operator = Operator.of(tmp_path / "run", trading, SUFFIX, clients.endpoints)
    code, said, _ = operator.runs("adopt")
    assert code == 3, said
    assert f"{NAMED['state']} (AWS::DynamoDB::GlobalTable) runs, nobody's" in said
    assert f"stops: {NAMED['state']} can't be restored to a point in time" in said
    code, said, complained = operator.runs("adopt", "--yes")
    assert (code, "mend it, then adopt" in complained) == (2, True), said
    _restorable(clients, wanted=True)
    code, said, complained = operator.runs("adopt")
    assert (code, complained) == (0, ""), said
    assert "1 stacks would take over what runs: tables" in said
    assert not clients.client("cloudformation", SOURCE).describe_stacks()["Stacks"]
    code, said, complained = operator.runs("adopt", "--yes")
    assert (code, complained) == (0, ""), said
    assert _kept(clients) == "kept"
    assert "\n0 of " in operator.runs("diff", "--region", SOURCE, "--only", "tables")[1]
    code, said, complained = operator.runs("adopt", "--yes")
    assert (code, complained, "nothing that runs is foreign" in said) == (0, "", True), said


@dataclass
class Users:
    """Someone who writes and reads all the time, and notes what failed."""

    clients: Clients
    written: int = 0
    failed: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """As long as the block lasts."""
        thread = threading.Thread(target=self._write)
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()

    def _write(self) -> None:
        dynamodb = self.clients.client("dynamodb", SOURCE)
        while not self.over.wait(0.1):
            try:
                dynamodb.put_item(TableName=NAMED["state"], Item={**KEY, "value": {"S": str(self.written + 1)}})
                read = dynamodb.get_item(TableName=NAMED["state"], Key=KEY, ConsistentRead=True)["Item"]["value"]["S"]
            except Exception as error:
                self.failed.append(str(error))
            else:
                self.written += 1
                self.failed += [f"read {read} after {self.written}"] if read != str(self.written) else []


def _until(estate: SourceEstate, done: Callable[[], bool], act: Callable[[], None]) -> None:
    """Acts whenever nothing is under way."""
    ends = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < ends
        assert not estate.broken(), estate.broken()
        if not estate.moving():
            act()
        time.sleep(0.2)


@pytest.mark.slow
def test_the_plan_takes_over_and_gives_back_under_users_who_notice_nothing(clients: Clients, trading: Trading) -> None:
    """A stack owns the tables and then none does, twice over: not one write or read fails, and nothing is lost."""
    migration = _run_without_us(clients, trading)
    deployer, estate, users = migration.deployer, migration.estate, Users(clients)
    keys = deployer.graph.only([Place("keys", SOURCE)])
    deploy_all(deployer, keys, Patience(time.monotonic, time.sleep, pause_seconds=0.25)).result()
    with users.busy():
        for _ in range(2):
            assert (estate.foreign(), estate.owned()) == (["tables"], [])
            _until(estate, lambda: estate.foreign() == [] and not estate.moving(), lambda: estate.take("tables"))
            assert estate.owned() == ["tables"]
            assert drift(deployer, Place("tables", SOURCE), time.sleep) == [], "tags included, it is as its template says"
            _until(estate, lambda: estate.owned() == [], lambda: estate.give_back("tables"))
    assert users.failed == []
    assert users.written > 20
    assert _kept(clients) == str(users.written)
    assert len(clients.client("cloudformation", SOURCE).describe_stacks()["Stacks"]) == 1
