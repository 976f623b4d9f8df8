"""The deployed machine in one emulated region: it begins nothing, tells people once, and hears a decision at once."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.contract.platform.emulators import JOURNAL
from tests.contract.platform.leading import TEMPLATES, led, workers

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.machine import Machine, Orders, hint
from landbridge.migrate.engine import Engine
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind
from landbridge.model.region import Region
from landbridge.orchestrator.turn import LATER
from landbridge.rehearse.emulator.ministack import session_members

LIMIT = 90.0


@pytest.fixture(name="migration", scope="module")
def _migration(clients: Clients, trading: Trading) -> Migration:
    """Of a platform that is nowhere deployed: its plan is held at its first step."""
    platform = trading.platform.model_copy(update={"environment_suffix": "led"})
    quick = trading.engine.model_copy(update={"tick_seconds": 0.5, "lease_seconds": 8.0, "patience_seconds": 2.0})
    config = trading.model_copy(update={"platform": platform, "engine": quick})
    return led(Migration(clients, config, TEMPLATES, time.time, time.sleep), turn_seconds=5)


def until(look: Callable[[], Any]) -> Any:
    """What a look sees at last."""
    ends = time.monotonic() + LIMIT
    while not (seen := look()):
        assert time.monotonic() < ends
        time.sleep(0.2)
    return seen


def ended(migration: Migration, machine: Machine, name: str) -> tuple[str, str]:
    """How an execution ends, and why."""
    states = migration.clients.client("stepfunctions", JOURNAL)
    arn = f"{machine.arn.replace(':stateMachine:', ':execution:')}:{name}"
    found = until(lambda: _over(states.describe_execution(executionArn=arn)))
    return str(found["status"]), str(found.get("cause", ""))


def _over(found: dict[str, Any]) -> dict[str, Any] | None:
    return None if found["status"] == "RUNNING" else found


def entered(migration: Migration, machine: Machine, name: str) -> list[str]:
    """The states an execution went through."""
    states = migration.clients.client("stepfunctions", JOURNAL)
    arn = f"{machine.arn.replace(':stateMachine:', ':execution:')}:{name}"
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    events = [event for page in pages for event in page["events"] if "stateEnteredEventDetails" in event]
    return [event["stateEnteredEventDetails"]["name"] for event in events]


def begun(migration: Migration) -> Engine:
    """An operator's, which has begun a run and let it go."""
    engine = migration.engine("an operator", "ada")
    engine.again()
    if engine.journal.progress.plan != engine.plan.hash:  # the first run of this chain
        engine.advance()
    engine.journal.release()
    return engine


def silence(migration: Migration) -> float:
    """What the watch says, called as its clock does."""
    answer = migration.clients.client("lambda", JOURNAL).invoke(FunctionName=migration.named("watcher"))
    return float(json.loads(answer["Payload"].read())["silence"])


@pytest.mark.slow
def test_a_machine_that_nobody_handed_a_run_begins_none(migration: Migration) -> None:
    """Its first turn finds no run, and it ends with that word."""
    machine = Machine.of(migration)
    machine.start(Orders(migration.config, migration.clients.endpoints), "nothing-1")
    status, why = ended(migration, machine, "nothing-1")
    assert (status, why.startswith("The run has ended, or there is none: ")) == ("FAILED", True)
    journal = migration.journal("a bystander")
    journal.refresh()
    assert not [record for record in journal.records if record.kind is Kind.PLAN and record.who.startswith("aws-")]
    assert silence(migration) == 0.0


@pytest.mark.slow
def test_a_held_run_tells_people_once_and_hears_a_decision_before_its_wait_is_over(migration: Migration) -> None:
    """A platform that is not there holds the plan; the abort is honoured by a turn that the event brings."""
    machine, engine = Machine.of(migration), begun(migration)
    machine.start(Orders(migration.config, migration.clients.endpoints), "held-1")
    until(lambda: entered(migration, machine, "held-1").count("Rest") == 1)
    assert 0.0 < silence(migration) < LATER
    engine.journal.ask(Ask.ABORT, "a test", run=engine.journal.progress.run)
    asked = time.monotonic()
    hint(migration)

    def outcome() -> Outcome | None:
        engine.journal.refresh()
        return engine.journal.progress.outcome

    assert until(outcome) is Outcome.ROLLED_BACK
    assert time.monotonic() - asked < LATER / 2
    assert ended(migration, machine, "held-1") == ("FAILED", "The run has ended, or there is none: rolled back")
    went = entered(migration, machine, "held-1")
    assert went.count("Tell") == 2  # that it is held, and that it went back
    assert not {record.who for record in engine.journal.records if record.who.startswith("aws-")} & {"an operator"}


@pytest.mark.slow
def test_a_killed_engine_ends_nothing(
    migration: Migration, emulators: Mapping[Region, tuple[int, subprocess.Popen[bytes]]]
) -> None:
    """The call fails, the machine tries again, and an engine of another name goes on when the dead one's lease has run out."""
    machine, engine = Machine.of(migration), begun(migration)
    began = len(engine.journal.records)
    machine.start(Orders(migration.config, migration.clients.endpoints), "killed-1")

    def engines() -> list[str]:
        engine.journal.refresh()
        return [each.who for each in engine.journal.records[began:] if each.who.startswith("aws-")]

    dead = until(engines)[0]
    killed = workers(migration, session_members(emulators[JOURNAL][1].pid))
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert killed
    until(lambda: set(engines()) - {dead})
    engine.journal.ask(Ask.ABORT, "a test", run=engine.journal.progress.run)
    hint(migration)
    assert ended(migration, machine, "killed-1") == ("FAILED", "The run has ended, or there is none: rolled back")
