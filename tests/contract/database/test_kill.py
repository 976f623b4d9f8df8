"""A server killed at any moment comes back as what it was, with every row that was acknowledged."""

import os
import random
import time
from functools import partial

import pytest
from tests.contract.database.load import Load
from tests.contract.database.place import Place, eventually


@pytest.mark.parametrize("times", [2, pytest.param(20, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_no_acknowledged_row_is_lost(pair: Place, times: int) -> None:
    """Writer and copy in turn, at moments drawn from a seed, sometimes in the midst of a switchover."""
    chance = random.Random(times)
    with Load(pair.writer) as load:
        for number in range(times):
            load.goes_on()
            victim = (pair.source, pair.target)[number % 2]
            if number % 3 == 2:
                pair.switch(pair.target if pair.joined.primary is pair.source else pair.source)
            time.sleep(chance.uniform(0, 0.5))
            pid = victim.server.pid
            if pid is not None:
                os.kill(pid, 9)
            load.goes_on()
            pair.quiet()
    assert load.lost(pair.writer) == []
    for cluster in (pair.source, pair.target):
        eventually(partial(load.arrived, pair.reader(cluster)))
