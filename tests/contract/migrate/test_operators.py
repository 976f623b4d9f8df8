"""Operators' verbs as processes of their own, on a journal in a real table, and an engine that answers them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.builders import FakeWorld, trading
from tests.contract.migrate.tables import Tables
from tests.fakes import SOURCE

from landbridge.aws.clients import Clients
from landbridge.cli.principal import user
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.plans.trading import there
from landbridge.migrate.plans.trading import trading as plan_of
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

ROOT = Path(__file__).parents[3]
JOURNAL = Region("eu-west-1")


@pytest.fixture(name="config")
def _config(tables: Tables) -> Trading:
    suffix = tables.suffix.removeprefix("test-")
    return trading(
        {"platform": {"environment_suffix": f"op-{suffix}"}, "calendar": {"hours": []}, "engine": {"lease_seconds": 600}}
    )


@pytest.fixture(name="run")
def _run(tmp_path: Path, config: Trading, endpoints: Mapping[Region, str]) -> Path:
    """A run folder whose world is up, as far as its journal goes."""
    RunFolder(tmp_path).keep(config)
    where = {"pid": os.getpid(), "endpoints": {JOURNAL: endpoints[SOURCE]}}
    (tmp_path / "run.json").write_text(json.dumps(where))
    return tmp_path


@pytest.fixture(name="engine")
def _engine(run: Path, config: Trading) -> Engine:
    """An engine somebody else began; its world never settles, so it waits for the first stack."""
    clients = RunFolder(run).clients()
    migration = Migration(clients, config, ROOT / "templates", time.time, time.sleep)
    _make(clients, migration.named("journal"))
    return Engine(plan_of(config, FakeWorld().ports(), there(config)), migration.journal("engine"), "somebody-else")


def _make(clients: Clients, table: str) -> None:
    keys = {"chain": ("S", "HASH"), "number": ("N", "RANGE")}
    clients.client("dynamodb", JOURNAL).create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": letter} for name, (letter, _) in keys.items()],
        KeySchema=[{"AttributeName": name, "KeyType": role} for name, (_, role) in keys.items()],
    )


def tick(engine: Engine) -> Tick:
    """Until nothing moves."""
    while (said := engine.advance()) is Tick.MOVED:
        continue
    return said


def verb(name: str, run: Path, *rest: str) -> tuple[int, str]:
    """Exit code and words of one verb."""
    command = [sys.executable, "-m", "landbridge.cli", name, str(run), *rest]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_decisions_reach_the_engine_and_are_answered(run: Path, engine: Engine) -> None:
    """Paused, refused a second time, approved under the system's own name, and aborted out of the pause."""
    assert tick(engine) is Tick.WAITING
    assert verb("pause", run, "--why", "lunch")[0] == 0
    assert tick(engine) is Tick.WAITING
    code, said = verb("pause", run)
    assert (code, said.partition(": ")[2].partition(": ")[2]) == (
        2,
        "pause refused: it is paused already; the run goes forward at deploy_target, paused\n",
    )
    assert verb("approve", run, "cutover")[0] == 0
    assert verb("abort", run, "--why", "not tonight")[0] == 0
    engine.advance()
    assert engine.journal.progress.approvals["cutover"] == [user()]
    engine.advance()
    assert [record.why for record in engine.journal.records if record.kind is Kind.TURNED] == ["aborted: not tonight"]
    assert engine.journal.progress.outcome is not Outcome.DONE


def test_who_began_the_plan_does_not_approve_it(run: Path, engine: Engine) -> None:
    """Refused at the door, and nothing is written."""
    mine = Engine(engine.plan, engine.journal, user())
    tick(mine)
    code, said = verb("approve", run, "cutover")
    assert code == 2
    assert f"{user()} began the plan, so somebody else must approve cutover" in said
    mine.journal.refresh()
    assert not [record for record in mine.journal.records if record.kind is Kind.ASKED]
