"""A target that has regressed is found out while at most one reader in twenty is there: ten ways, one after the other."""

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from landbridge.config.rehearsal import Fault
from landbridge.migrate.engine import Engine
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Verb
from landbridge.rehearse.disturb import disturbed
from tests.contract.world.source_alone import SourceAlone, source_alone
from tests.integration.led import drive, fresh, hearts, part, prepare
from tests.integration.rehearsals import QUICK_WORLD

COMPARED, FIRST, FEW = "verify_store.state", "shift_reads.1", 5
REGRESSIONS: dict[str, dict[str, object]] = {
    "half of the answers are errors": {"kind": "errors", "share": 0.5},
    "most answers are errors": {"kind": "errors", "share": 0.7},
    "all answers are errors": {"kind": "errors", "share": 1.0},
    "half is throttled": {"kind": "throttling", "share": 0.5},
    "all is throttled": {"kind": "throttling", "share": 1.0},
    "3 s late": {"kind": "slow", "delay": 3.0},
    "6 s late": {"kind": "slow", "delay": 6.0},
    "the region is gone": {"kind": "region-out"},
    "tables far behind": {"kind": "lag", "store": "tables", "seconds": 30},
    "nothing of the tables is copied": {"kind": "stall", "store": "tables"},
}


def _fault(how: dict[str, object]) -> Fault:
    promise = "The gate finds it out while few readers are there."
    return Fault.model_validate({"promise": promise, "at_step": FIRST, "outcome": "rolled back", **how})


def _shares(engine: Engine) -> list[int]:
    """Which shares of the readers were sent to the target in this run."""
    records = [record for record in engine.journal.records if record.number >= engine.journal.progress.run]
    applied = [record for record in records if record.kind is Kind.INTENT and record.data["verb"] == Verb.APPLY]
    return [int(record.step.rpartition(".")[2]) for record in applied if record.step.startswith("shift_reads.")]


async def _found_out(kept: SourceAlone, how: dict[str, object]) -> tuple[Outcome | None, bool]:
    """How a shift ends whose target regresses as the first reader goes there, and whether more than a few were ever sent."""
    engine = part(kept, COMPARED, before=False)
    engine = replace(engine, plan=replace(engine.plan, phases=engine.plan.phases[:2]))  # compared, and shifted
    with hearts(fresh(kept)):
        await asyncio.to_thread(engine.again)
        await asyncio.to_thread(drive, engine, lambda: FIRST in engine.journal.progress.entered)
        began = time.monotonic()
        with disturbed(_fault(how), kept.world):
            await asyncio.to_thread(drive, engine, lambda: engine.journal.progress.outcome is not None)
    await asyncio.to_thread(engine.journal.release)
    progress = engine.journal.progress
    sys.stderr.write(f"{how}: back after {time.monotonic() - began:.0f} s: {progress.turned_why}\n")
    return progress.outcome, max(_shares(engine)) > FEW


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_regressed_target_never_gets_more_than_one_reader_in_twenty(tmp_path: Path) -> None:
    """It strikes as the first reader goes there; the gate sends all readers home, nobody's request fails, nothing is lost."""

    async def run() -> None:
        async with source_alone(tmp_path, QUICK_WORLD) as kept:
            async with kept.trading():
                await asyncio.to_thread(prepare, kept, COMPARED, 240.0)
                found = {name: await _found_out(kept, how) for name, how in REGRESSIONS.items()}
            assert found == dict.fromkeys(REGRESSIONS, (Outcome.ROLLED_BACK, False))
            seen = kept.books.ledger.tally.requests()
            assert (seen.failed, seen.wrong) == (0, 0), seen.errors
            assert all(each.is_whole and each.accepted for each in await kept.settled())

    asyncio.run(run())
