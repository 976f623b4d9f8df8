"""There and back: after the move, reads and writes return to where they came from, by the same engine."""

import json
import time
from pathlib import Path

import pytest

from landbridge.migrate.adapters.compose import Migration
from landbridge.model.pen import PenState
from landbridge.rehearse.run_folder import RunFolder
from tests.integration.rehearsals import ROOT, Rehearsal, leftovers, verb


@pytest.mark.slow
def test_there_and_back_under_users_needs_no_second_try(tmp_path: Path) -> None:
    """Two moves of reads and writes in one run, and nobody noticed either."""
    rehearsal = Rehearsal.start(tmp_path / "run", "--and-back")
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert [weight["target_percent"] for weight in figures["weights"]] == [0, 1, 25, 50, 100, 99, 75, 50, 0]
    assert not any(figures["requests"][bad] for bad in ("failed", "raw_errors", "wrong"))
    assert figures["writes"]["lost"] == figures["writes"]["doubled"] == 0
    assert not leftovers(rehearsal.folder)


@pytest.mark.slow
def test_failback_brings_reads_and_writes_home(tmp_path: Path) -> None:
    """The source holds the pen in a third epoch and gets every read; a second way there, begun by mistake, moves nothing."""
    folder = tmp_path / "run"
    rehearsal = Rehearsal.start(folder, "--hold")
    rehearsal.until("the world stays up")
    again = verb("migrate", str(folder))
    assert again.returncode == 3, again.stdout
    assert "us-east-1 does not hold the state pen" in again.stdout
    told = json.loads(verb("status", str(folder), "--json").stdout)
    assert ("abort" in told["may"], told["next"]["command"]) == (True, f"landbridge migrate {folder} --resume")
    assert told["figures"]["eu-central-1"]["Weight"] == 100
    assert verb("abort", str(folder), "--why", "nothing to move").returncode == 0
    assert verb("migrate", str(folder), "--resume").returncode == 4
    back = verb("failback", str(folder))
    assert back.returncode == 0, back.stdout + back.stderr
    assert "each follows from the one before" in verb("journal", "verify", str(folder)).stdout
    run = RunFolder(folder)
    migration = Migration(run.clients(), run.trading(), ROOT / "templates", time.time, time.sleep)
    for domain in migration.movers.domains:
        source, target = (migration.pens.read(region, domain) for region in migration.regions)
        assert (source.all_are(PenState.OPEN), source.epoch) == (True, 3)
        assert target.all_are(PenState.CLOSED)
    assert migration.traffic.percent() == 0
    assert [verifier.compare().differences for verifier in migration.whole.verifiers.values()] == [()] * 3
    assert rehearsal.interrupt() == 0, rehearsal.said()
    assert not leftovers(folder)
