"""A migration led from beginning to end by the deployed state machine, whose engine is killed once in between."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.contract.platform.leading import TEMPLATES, led, workers
from tests.contract.world.source_alone import ROOT, SourceAlone, source_alone

from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.journal import Journal
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

WORLD = ROOT / "config/quick.toml"
TURN_SECONDS, LIMIT = 20.0, 600.0


def leading(kept: SourceAlone) -> Migration:
    """With the stacks an engine in AWS runs by, known to whoever is handed the run folder."""
    migration = led(kept.migration, TURN_SECONDS)
    RunFolder(kept.folder).keep(migration.config)
    return migration


def hand_over(folder: Path) -> str:
    """As an operator does it; what the verb says."""
    verb = [sys.executable, "-m", "landbridge.cli", "migrate", str(folder), "--on", "aws", "--templates", str(TEMPLATES)]
    ran = subprocess.run(verb, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


async def until(what: str, look: Callable[[], Any]) -> Any:
    """What a look sees at last."""
    ends = time.monotonic() + LIMIT
    while not (seen := await asyncio.to_thread(look)):
        assert time.monotonic() < ends, f"never saw {what}"
        await asyncio.sleep(0.25)
    return seen


def shifting(journal: Journal) -> bool:
    """Whether reads have begun to move."""
    journal.refresh()
    return any(record.kind is Kind.INTENT and record.step.startswith("shift") for record in journal.records)


def outcome(journal: Journal) -> Outcome | None:
    """How the run has ended."""
    journal.refresh()
    return journal.progress.outcome


async def moved(kept: SourceAlone) -> tuple[Journal, str]:
    """The whole run; its journal, and how the machine's execution stands after it."""
    migration = await asyncio.to_thread(leading, kept)
    region = Region(migration.config.platform.journal)
    machine = await asyncio.to_thread(migration.told, "orchestrator", "MachineArn", region)
    told = await asyncio.to_thread(hand_over, kept.folder)
    assert "led in AWS by run-" in told
    journal = migration.journal("a bystander")
    await until("reads begin to move", lambda: shifting(journal))
    for pid in await until("an engine at work", lambda: workers(migration, kept.world.emulators[region].pids())):
        os.kill(pid, signal.SIGKILL)
    await until("the run's end", lambda: outcome(journal))
    states = migration.clients.client("stepfunctions", region)

    def ended() -> str:
        (execution,) = states.list_executions(stateMachineArn=machine)["executions"]
        return str(execution["status"]).replace("RUNNING", "")

    return journal, await until("the execution's end", ended)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_deployed_machine_moves_a_platform_under_its_users_and_outlives_a_killed_engine(tmp_path: Path) -> None:
    """Turn after turn, each an engine of its own; the killed one's work is gone on with, and nobody's request fails."""

    async def run() -> None:
        async with source_alone(tmp_path, WORLD) as kept:
            over = asyncio.Event()
            trading = asyncio.create_task(kept.made._trade(kept.world, kept.books, over))
            try:
                journal, status = await moved(kept)
            finally:
                over.set()
                await trading
            assert (journal.progress.outcome, status) == (Outcome.DONE, "SUCCEEDED")
            engines = {record.who for record in journal.records if record.who.startswith("aws-")}
            assert len(engines) > 2
            plans = [record.who for record in journal.records if record.kind is Kind.PLAN]
            assert not engines & set(plans)  # a machine begins no run
            seen = kept.books.ledger.tally.requests()
            assert (seen.failed, seen.wrong) == (0, 0), seen.errors
            settled = await asyncio.to_thread(kept.books.settle, kept.migration)
            assert all(each.is_whole for each in settled), settled

    asyncio.run(run())
