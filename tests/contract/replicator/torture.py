"""Copies a stream under everything that goes wrong, in this process or in one of its own, where nobody watches each line.

Run as a program it prints what happened on the way, and how long that took.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.contract.replicator.checker import Checker
from tests.contract.replicator.kinesis import Kinesis
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


def main(records: int, seed: int) -> None:
    """One line of JSON; an error where anything was lost, overtaken, or acknowledged and not stored."""
    began = time.perf_counter(), time.process_time()
    counts, doubled = torture(records, seed)
    took = {"seconds": time.perf_counter() - began[0], "cpu_seconds": time.process_time() - began[1]}
    print(json.dumps({**counts, "doubled": doubled, **took}))  # noqa: T201 - it is what is asked for


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
