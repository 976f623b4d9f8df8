"""A failover loses what had not arrived, to the row, and the old writer comes back as a copy without it."""

import os
import time

import pytest
from tests.contract.database.load import Load
from tests.contract.database.place import Place, eventually

from landbridge.rehearse.fabric.database.databases import BEAT_SECONDS
from landbridge.rehearse.fabric.database.knobs import Crash


def test_it_loses_exactly_what_the_lag_says(pair: Place) -> None:
    """Nothing that was written before the newest heartbeat there, all of the last 0.7 s; and both sides agree in the end."""
    lag = 0.7
    pair.target.line.lag = lag
    with Load(pair.writer) as load:
        time.sleep(2.5 * lag)
        beaten = pair.run(pair.target.beaten())
        pair.fail_over(pair.target)
        pair.quiet()
        load.goes_on()
    assert beaten is not None
    lost = load.lost(pair.writer)
    assert [number for number in load.acknowledged if lost[0] <= number <= lost[-1]] == lost
    assert load.acknowledged[lost[0]] >= beaten
    assert load.lost_seconds(pair.writer) >= lag - BEAT_SECONDS
    eventually(lambda: load.lost(pair.reader(pair.source)) == lost)


@pytest.mark.slow
def test_the_old_writer_comes_back_as_a_copy_when_its_region_does(pair: Place) -> None:
    """While it is out nothing reaches it; then it copies, and can be switched back to without loss."""
    with Load(pair.writer) as load:
        load.goes_on()
        pair.reach(pair.source.region, reachable=False)
        pair.fail_over(pair.target)
        load.goes_on()
        since = time.time()
        load.goes_on()
        members = {member["DBClusterArn"]: member["SynchronizationStatus"] for member in pair.told()["GlobalClusterMembers"]}
        assert members == {pair.source.arn: "pending-resync", pair.target.arn: "connected"}
        pair.reach(pair.source.region, reachable=True)
        pair.quiet()
        pair.switch(pair.source)
        pair.quiet()
        load.goes_on()
    assert pair.joined.primary is pair.source
    assert all(load.acknowledged[number] < since for number in load.lost(pair.writer))


@pytest.mark.slow
def test_a_writer_that_dies_can_be_failed_over(pair: Place) -> None:
    """When the knob says so; the dead one comes back as a copy."""
    pair.databases.knobs.crash = Crash.FAIL_OVER
    with Load(pair.writer) as load:
        load.goes_on()
        pid = pair.source.server.pid
        assert pid is not None
        os.kill(pid, 9)
        eventually(lambda: pair.joined.primary is pair.target)
        load.goes_on()
        pair.quiet()
    late = load.lost(pair.writer)
    eventually(lambda: load.lost(pair.reader(pair.source)) == late)
