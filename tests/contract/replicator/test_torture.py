"""A stream under everything that goes wrong arrives whole: nothing lost, nothing doubled after identity, no key out of order."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from tests.contract.replicator.checker import Checker
from tests.contract.replicator.kinesis import Kinesis, Odds
from tests.contract.replicator.live import Live
from tests.contract.replicator.mapping import Mapping, mirror_at
from tests.contract.replicator.wire import Answer, Wire

RESTART_EVERY = 400  # requests


@contextmanager
def served(kinesis: Kinesis) -> Iterator[str]:
    """The stream behind HTTP; the service is restarted every now and then, also before it has answered."""

    def ask(operation: str, request: dict[str, object]) -> Answer:
        said = kinesis.ask(operation, request)
        if kinesis.requests % RESTART_EVERY == 0:
            wire.stop()
            wire.start()
        return said

    wire = Wire(ask)
    wire.start()
    try:
        yield wire.url
    finally:
        wire.close()


def torture(records: int, seed: int, symbols: int = 200) -> tuple[Counter[str], int]:
    """Copies that many records and demands that nothing is wrong; what happened on the way, and how many came twice."""
    chance = random.Random(seed)
    live = Live(records, chance, symbols)
    checker = Checker(live)
    kinesis = Kinesis(checker.stored, seed)
    with served(kinesis) as url:
        mapping = Mapping(live, checker, mirror_at(url), chance)
        mapping.run()
    kinesis.settle()
    assert checker.ended() == []
    assert live.put == records
    return mapping.counts, checker.doubled


@pytest.mark.parametrize("records", [1_000_000, pytest.param(10_000_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_records_arrive_whole(records: int) -> None:
    """In spite of partial failures, throttles, 500s that did store, late requests, reshards, restarts and kills."""
    counts, doubled = torture(records, seed=7)
    for what in ("again", "maybe_twice", "given_back", "killed", "set_aside"):
        assert counts[what], what
    assert doubled


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
