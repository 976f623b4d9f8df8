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

OF_THE_MARKET = ("market-lag", "poison")
OF_THE_DATABASE = ("database-killed", "switchover-stalls")
ELSEWHERE = (*OF_THE_MARKET, *OF_THE_DATABASE, "two-engines")
FAULTS = sorted(path.stem for path in (ROOT / "config" / "faults").glob("*.toml"))


def _must_end_as_promised(folder: Path, *arguments: str, world: Path = QUICK_WORLD) -> Rehearsal:
    rehearsal = Rehearsal.start(folder, *arguments, world=world)
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert figures["verdict"]["ok"], figures["verdict"]
    assert figures["verdict"]["outcome"] == figures["fault"]["outcome"]
    assert "injecting" in rehearsal.said()
    assert figures["writes"]["lost"] == figures["writes"]["doubled"] == figures["requests"]["failed"] == 0
    assert not leftovers(folder)
    assert not places_of(marks(folder), folder, {"what it said": rehearsal.said()})
    return rehearsal


@pytest.mark.slow
def test_an_engine_that_wakes_up_late_says_who_works(tmp_path: Path) -> None:
    """The loser of the lease names its holder, and changes nothing."""
    rehearsal = _must_end_as_promised(tmp_path / "run", "--inject", "two-engines")
    assert "holds the lease" in (rehearsal.folder / "logs" / "engine-1.log").read_text()


@pytest.mark.slow
def test_an_abort_leaves_nothing_at_the_target(tmp_path: Path) -> None:
    """Stacks, copy, route and what the source was told of the target: all gone, while the world still stands."""
    folder = tmp_path / "run"
    rehearsal = Rehearsal.start(folder, "--inject", "abort", "--hold")
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
@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in ELSEWHERE])
def test_a_fault_ends_as_its_file_promises(fault: str, tmp_path: Path) -> None:
    """Errors, lag, silence, regions and their link out, throttling, a killed engine, an operator's abort."""
    _must_end_as_promised(tmp_path / "run", "--inject", fault, "--seed", "4")


@pytest.mark.slow
@pytest.mark.parametrize("fault", OF_THE_DATABASE)
def test_a_fault_of_the_database_costs_no_effect(fault: str, tmp_path: Path) -> None:
    """Every accepted command is applied once in both regions, in its user's order."""
    world = trading_world(tmp_path, "[overrides.database]\nmoves = true\n")
    effects = _must_end_as_promised(tmp_path / "run", "--inject", fault, world=world).figures["effects"]
    assert effects.pop("accepted") > 5
    assert not any(effects.values())


def _no_trade_is_wrong(rehearsal: Rehearsal) -> None:
    trades = rehearsal.figures["trades"]
    assert trades.pop("accepted") > 100
    assert not any(trades.values())


@pytest.mark.slow
def test_a_late_reader_of_the_streams_loses_no_trade(tmp_path: Path) -> None:
    """None is lost, doubled, invented or stale, in either region."""
    world = trading_world(tmp_path)
    _no_trade_is_wrong(_must_end_as_promised(tmp_path / "run", "--inject", "market-lag", "--ticks", "10", world=world))


@pytest.mark.slow
def test_poison_is_set_aside_in_both_regions_and_costs_no_trade(tmp_path: Path) -> None:
    """The source keeps each record with its position, the target what reached its mirror, and all else goes on."""
    rehearsal = Rehearsal.start(tmp_path / "run", "--inject", "poison", "--ticks", "10", "--hold", world=trading_world(tmp_path))
    rehearsal.until("the world stays up")
    run = RunFolder(rehearsal.folder)
    migration = Migration(run.clients(), run.trading(), ROOT / "templates", time.time, time.sleep)
    for region in migration.regions:
        bucket = migration.told("streams", "SetAsideBucketArn", region).rpartition(":")[2]
        kept = migration.clients.client("s3", region).list_objects_v2(Bucket=bucket).get("Contents", [])
        assert len({each["Key"].rpartition("/")[2] for each in kept if each["Key"].startswith("transform/")}) == len(POISON)
    assert rehearsal.interrupt() == 0, rehearsal.said()
    assert rehearsal.figures["verdict"]["ok"], rehearsal.figures["verdict"]
    _no_trade_is_wrong(rehearsal)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["21", "22", "23", "24"])
def test_an_engine_killed_anywhere_is_succeeded(seed: str, tmp_path: Path) -> None:
    """The moment is drawn from the seed, over all records of the journal."""
    _must_end_as_promised(tmp_path / "run", "--inject", "kill-engine", "--seed", seed)


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
