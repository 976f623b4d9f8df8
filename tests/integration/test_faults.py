"""Each fault of config/faults ends as its file promises, with nothing lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landbridge.deploy.deployer import Standing
from landbridge.migrate.adapters.compose import Migration
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.strike import POISON
from tests.integration.marks import marks, places_of
from tests.integration.rehearsals import QUICK_WORLD, ROOT, Rehearsal, leftovers, trading_world

ENDURED = ("throttling", "two-engines", "source-out", "target-out-after")  # each at its own step of one move
SENT_BACK = ("errors-in-target", "health-flapping", "history-lag", "lag", "link-out", "silent-heartbeat", "target-out")


def _injected(folder: Path, *faults: str, seed: str = "4", world: Path = QUICK_WORLD, besides: tuple[str, ...] = ()) -> Rehearsal:
    asked = [word for fault in faults for word in ("--inject", fault)]
    return Rehearsal.start(folder, *asked, "--seed", seed, *besides, world=world)


def _must_end(rehearsal: Rehearsal, faults: int, outcome: str) -> Rehearsal:
    assert rehearsal.wait() == 0, rehearsal.said()
    figures, folder = rehearsal.figures, rehearsal.folder
    assert figures["verdict"]["ok"], figures["verdict"]
    assert (figures["verdict"]["outcome"], len(figures["faults"])) == (outcome, faults)
    assert rehearsal.said().count("injecting ") == faults
    assert figures["writes"]["lost"] == figures["writes"]["doubled"] == figures["requests"]["failed"] == 0
    assert not leftovers(folder)
    assert not places_of(marks(folder), folder, {"what it said": rehearsal.said()})
    return rehearsal


def test_every_fault_is_rehearsed_here() -> None:
    """A file of config/faults that nobody runs would promise what nobody saw."""
    files = {path.stem for path in (ROOT / "config" / "faults").glob("*.toml")}
    assert files == {*ENDURED, *SENT_BACK, "abort", "kill-engine", "poison", "market-lag", "database-killed", "switchover-stalls"}


@pytest.mark.slow
def test_what_is_endured_is_endured_in_one_move(tmp_path: Path) -> None:
    """A throttled source, a frozen engine, either region lost: the move goes on, and the late engine knows it is late."""
    rehearsal = _must_end(_injected(tmp_path / "run", *ENDURED), len(ENDURED), "done")
    assert "holds the lease" in (rehearsal.folder / "logs" / "engine-1.log").read_text()


@pytest.mark.slow
def test_an_abort_leaves_nothing_at_the_target(tmp_path: Path) -> None:
    """Stacks, copy, route and what the source was told of the target: all gone, while the world still stands."""
    folder = tmp_path / "run"
    rehearsal = _injected(folder, "abort", besides=("--hold",))
    rehearsal.until("the world stays up")
    run = RunFolder(folder)
    migration = Migration(run.clients(), run.trading(), ROOT / "templates", time.time, time.sleep)
    target = migration.regions.target
    looks = [migration.deployer.look(stack, target).standing for stack in migration.deployer.stacks(target)]
    assert set(looks) == {Standing.ABSENT}
    assert not migration.clients.client("dynamodb", target).list_tables()["TableNames"]
    assert not migration.history.there.copied()
    assert migration.traffic.percent() is None
    assert migration.peers.known(migration.regions.source) is None
    assert rehearsal.interrupt() == 0, rehearsal.said()


@pytest.mark.slow
@pytest.mark.parametrize("fault", SENT_BACK)
def test_readers_are_sent_back(fault: str, tmp_path: Path) -> None:
    """Errors, lag, silence, a region or the link out before a pen has moved: everybody is home again, and nothing lost."""
    _must_end(_injected(tmp_path / "run", fault), 1, "rolled back")


@pytest.mark.slow
def test_a_database_that_dies_and_one_that_stalls_cost_no_effect(tmp_path: Path) -> None:
    """Every accepted command is applied once in both regions, in its user's order."""
    world = trading_world(tmp_path, "[overrides.database]\nmoves = true\n")
    faults = ("switchover-stalls", "database-killed")
    effects = _must_end(_injected(tmp_path / "run", *faults, world=world), len(faults), "done").figures["effects"]
    assert effects.pop("accepted") > 5
    assert not any(effects.values())


@pytest.mark.slow
def test_poison_and_a_late_reader_cost_no_trade(tmp_path: Path) -> None:
    """The source keeps each poisoned record with its position, the target what reached its mirror; all trades are right."""
    faults, world = ("poison", "market-lag"), trading_world(tmp_path)
    rehearsal = _injected(tmp_path / "run", *faults, world=world, besides=("--ticks", "10", "--hold"))
    rehearsal.until("the world stays up")
    run = RunFolder(rehearsal.folder)
    migration = Migration(run.clients(), run.trading(), ROOT / "templates", time.time, time.sleep)
    for region in migration.regions:
        bucket = migration.told("streams", "SetAsideBucketArn", region).rpartition(":")[2]
        kept = migration.clients.client("s3", region).list_objects_v2(Bucket=bucket).get("Contents", [])
        assert len({each["Key"].rpartition("/")[2] for each in kept if each["Key"].startswith("transform/")}) == len(POISON)
    rehearsal.process.send_signal(signal.SIGINT)
    trades = _must_end(rehearsal, len(faults), "done").figures["trades"]
    assert trades.pop("accepted") > 100
    assert not any(trades.values())


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["21", "22"])
def test_an_engine_killed_anywhere_is_succeeded(seed: str, tmp_path: Path) -> None:
    """The moment is drawn from the seed, over all records of the journal."""
    _must_end(_injected(tmp_path / "run", "kill-engine", seed=seed), 1, "done")


@pytest.mark.slow
def test_a_killed_engine_is_gone_on_with_by_hand(tmp_path: Path) -> None:
    """`landbridge migrate --resume RUN` finishes what an engine killed at a random moment had begun."""
    folder = tmp_path / "run"
    rehearsal = Rehearsal.start(folder)
    process = int(rehearsal.until(r"engine 1 is process (\d+)")[1])
    moments = ["deploy_target", "verify_store.state", "shift_reads.1:", "shift_reads.50:", "phase cutover"]
    first = random.randrange(len(moments))
    rehearsal.until("|".join(moments[first:]))  # what is said is sampled: a busy machine may skip a short step
    os.kill(process, signal.SIGKILL)
    rehearsal.until("go on with: landbridge migrate --resume")
    command = [sys.executable, "-m", "landbridge.cli", "migrate", str(folder), "--resume"]
    resumed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert resumed.returncode == 0, resumed.stderr
    rehearsal.wait()
    figures = json.loads((folder / "rehearsal.json").read_text())
    assert figures["verdict"]["outcome"] == "done"
    assert figures["writes"]["lost"] == figures["writes"]["doubled"] == figures["requests"]["failed"] == 0
