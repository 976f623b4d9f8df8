"""An abort in any phase returns the world to where it was; past a pivot it is refused, and names the failback."""

import asyncio
import sys
import time
from pathlib import Path

import pytest

from landbridge.migrate.engine import Engine
from landbridge.migrate.progress import Outcome
from landbridge.migrate.step import Verb
from landbridge.model.market import Stream
from tests.contract.world.source_alone import SourceAlone, source_alone
from tests.integration.led import drive, fresh, hearts, part, prepare
from tests.integration.rehearsals import FEEDS, trading_world, verb
from tests.integration.shots import differences, shot

WHOLE = (
    FEEDS
    + """
[overrides.database]
moves = true

[overrides.pens]
fences = 8                           # each is closed and opened alone, and this world has many moves
"""
)
SHARES = ("weights = [1, 25, 50, 100]", "weights = [25, 100]")
FROM_NOTHING = {"preflight": ("reach_regions", 0), "foundation": ("deploy_target", 3), "cutover": ("mark_end", 1)}
ON_STACKS = {
    "replicate": ("replicate_store.analytics", 1),
    "verify": ("verify_store.commands", 1),
    "shift": ("shift_reads.25", 1),
}
STANDS = "replicate_store.state"  # the target's stacks stand when its phase begins
SECONDS = 240.0


def _until(engine: Engine, step: str, times: int) -> None:
    """It was looked at, and begun so many times."""
    journal = engine.journal
    drive(
        engine,
        lambda: step in journal.progress.entered and len(journal.progress.intents(step, Verb.APPLY)) >= times,
        SECONDS,
    )


def _aborted(kept: SourceAlone, step: str, times: int, since: str = "reach_regions") -> list[str]:
    """What an abort after a step has begun leaves otherwise than it was.

    The source's reader of its own mirror may stay: what a late feed put at the target comes there (PROTOCOL 5).
    """
    migration = fresh(kept)
    before, engine, began = shot(migration), part(kept, since, before=False), time.monotonic()
    engine.again()
    with hearts(migration):
        _until(engine, step, times)
        begun = time.monotonic()
        told = verb("abort", str(kept.folder), "--why", f"seen {step}")
        assert told.returncode == 0, told.stderr
        drive(engine, lambda: engine.journal.progress.outcome is not None, SECONDS)
    assert engine.journal.progress.outcome is Outcome.ROLLED_BACK, engine.journal.records[-1]
    engine.journal.release()
    sys.stderr.write(f"{step}: {begun - began:.0f} s there, {time.monotonic() - begun:.0f} s back\n")
    stays = f"{migration.regions.source} reader stream/{migration.named(Stream.MIRROR)} "
    return [each for each in differences(before, shot(migration)) if not each.startswith(stays)]


def _past_the_pivot(kept: SourceAlone) -> str:
    """What abort says then; the engine goes on to the end of that pen's move, as it is told there."""
    engine = part(kept, STANDS, before=False)
    engine.again()
    with hearts(fresh(kept)):
        _until(engine, "open_target.market", 1)
        told = verb("abort", str(kept.folder), "--why", "too late")
        drive(engine, lambda: "start_target.market" in engine.journal.progress.done_at, SECONDS)
    engine.journal.release()
    assert told.returncode == 2, told.stdout
    return told.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_abort_in_any_phase_leaves_the_world_as_it_was(tmp_path: Path) -> None:
    """Stacks, copies, readers, rules, parameters, weights, pens; users lose nothing; past a pivot it names the failback."""

    async def run() -> None:
        folder, world = tmp_path / "run", trading_world(tmp_path, WHOLE)
        folder.mkdir()
        world.write_text(world.read_text(encoding="utf-8").replace(*SHARES), encoding="utf-8")
        async with source_alone(folder, world) as kept:
            async with kept.trading():
                found = {phase: await asyncio.to_thread(_aborted, kept, *at) for phase, at in FROM_NOTHING.items()}
                assert found == {phase: [] for phase in FROM_NOTHING}
                await asyncio.to_thread(prepare, kept, STANDS, SECONDS)
                found = {phase: await asyncio.to_thread(_aborted, kept, *at, STANDS) for phase, at in ON_STACKS.items()}
                assert found == {phase: [] for phase in ON_STACKS}
                assert "then fail back" in await asyncio.to_thread(_past_the_pivot, kept)
            seen = kept.books.ledger.tally.requests()
            assert (seen.failed, seen.wrong) == (0, 0), seen.errors
            settled = await kept.settled()
            assert all(each.is_whole and each.accepted for each in settled), settled

    asyncio.run(run())
