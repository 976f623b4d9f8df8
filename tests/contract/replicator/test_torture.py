"""A stream under everything that goes wrong arrives whole: nothing lost, nothing doubled after identity, no key out of order."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contract.replicator.checker import Checker
from tests.contract.replicator.kinesis import Kinesis, Odds
from tests.contract.replicator.live import Live
from tests.contract.replicator.mapping import Mapping, mirror_at
from tests.contract.replicator.torture import served, torture

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("records", [1_000_000, pytest.param(10_000_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_records_arrive_whole(records: int) -> None:
    """In spite of partial failures, throttles, 500s that did store, late requests, reshards, restarts and kills."""
    command = [sys.executable, "-m", "tests.contract.replicator.torture", str(records), "7"]
    watched_by_nobody = {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": ""}  # coverage would double what it takes
    ran = subprocess.run(command, env=watched_by_nobody, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    for what in ("again", "maybe_twice", "given_back", "killed", "set_aside", "doubled"):
        assert told[what], what


@pytest.mark.parametrize("seed", range(2))
def test_few_records_a_key_arrive_whole(seed: int) -> None:
    """Where hardly any two records have the same key."""
    torture(5_000, seed, symbols=2_500)


def test_on_a_quiet_day_nothing_comes_twice() -> None:
    """Doubles come from faults alone."""
    chance = random.Random(1)
    live = Live(2_000, chance)
    checker = Checker(live)
    kinesis = Kinesis(checker.stored, 1, replace(Odds(), partial=0, throttled=0, lost=0, stored=0, hung_up=0, late=0))
    with served(kinesis) as url:
        Mapping(live, checker, mirror_at(url), chance, killed=0).run()
    assert (checker.ended(), checker.doubled) == ([], 0)
