"""A planned switchover loses nothing, takes as long as it is told to, and can stall, hang or fail without harm."""

import time
from contextlib import suppress
from functools import partial

import psycopg
import pytest
from tests.contract.database.load import Load
from tests.contract.database.place import Place, ask, connected, eventually

from landbridge.rehearse.fabric.database.cluster import Cluster
from landbridge.rehearse.fabric.database.knobs import Switchover
from landbridge.replicate.aurora import Address


@pytest.mark.parametrize("times", [3, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_nothing_is_lost_under_load(pair: Place, times: int) -> None:
    """200 rows a second while the writer goes to and fro over a slow link: every acknowledged row is at both in the end."""
    for cluster in (pair.source, pair.target):
        cluster.line.lag, cluster.line.jitter = 0.05, 0.05
    with Load(pair.writer) as load:
        for number in range(times):
            load.goes_on()
            to = pair.source if number % 2 else pair.target
            eventually(partial(_begun, pair, to))
            pair.quiet()
            assert pair.joined.why_failed == ""
            assert pair.joined.primary is to
        load.goes_on()
    assert load.lost(pair.writer) == []
    for cluster in (pair.source, pair.target):
        eventually(partial(load.arrived, pair.reader(cluster)))


@pytest.mark.parametrize("told", [0.1, 2.0, pytest.param(120.0, marks=pytest.mark.slow)])
def test_it_takes_as_long_as_told(pair: Place, told: float) -> None:
    """And says so all the time: switching-over, with from where and to where."""
    pair.databases.knobs.switchover_seconds = told
    began = time.monotonic()
    pair.switch(pair.target)
    said = pair.told()
    assert (said["Status"], said["FailoverState"]["ToDbClusterArn"]) == ("switching-over", pair.target.arn)
    eventually(lambda: pair.told()["Status"] == "available", told + 60)
    assert time.monotonic() - began >= told
    assert [member["DBClusterArn"] for member in pair.told()["GlobalClusterMembers"] if member["IsWriter"]] == [pair.target.arn]


def test_one_that_stalls_lets_the_old_writer_go_on(pair: Place) -> None:
    """Until it is let go; then it is done."""
    pair.databases.knobs.switchover = Switchover.STALL
    with Load(pair.writer) as load:
        pair.switch(pair.target)
        load.goes_on()
        assert pair.told()["Status"] == "switching-over"
        pair.databases.knobs.switchover = Switchover.DONE
        pair.quiet()
    assert pair.joined.primary is pair.target
    assert load.lost(pair.writer) == []


def test_one_that_hangs_has_no_writer_and_two_readers(pair: Place) -> None:
    """Nobody gets in to write, at either endpoint; both can be read."""
    ask(pair.writer, "CREATE TABLE IF NOT EXISTS kept (one int)")
    pair.databases.knobs.switchover = Switchover.HANG
    pair.switch(pair.target)
    eventually(lambda: not pair.source.writes)
    for at in (pair.writer, pair.endpoint(pair.source), pair.endpoint(pair.target)):
        with pytest.raises(psycopg.OperationalError), connected(at):
            pass
    for cluster in (pair.source, pair.target):
        eventually(partial(_read_only, pair.reader(cluster)))
    pair.databases.knobs.switchover = Switchover.DONE
    pair.quiet()
    assert pair.joined.primary is pair.target


def test_one_that_fails_leaves_the_old_writer(pair: Place) -> None:
    """With everything it had, and its copy still follows."""
    pair.databases.knobs.switchover = Switchover.FAIL
    with Load(pair.writer) as load:
        load.goes_on()
        pair.switch(pair.target)
        pair.quiet()
        load.goes_on()
    assert (pair.joined.primary, pair.joined.why_failed == "") == (pair.source, False)
    assert load.lost(pair.writer) == []
    eventually(lambda: load.arrived(pair.reader(pair.target)))


def test_one_whose_target_does_not_catch_up_is_given_up(pair: Place) -> None:
    """Without everything the target is never opened."""
    pair.databases.knobs.catch_up_seconds = 1.0
    pair.target.line.stalled = True
    with Load(pair.writer) as load:
        load.goes_on()
        pair.switch(pair.target)
        pair.quiet()
        load.goes_on()
        assert pair.joined.primary is pair.source
        pair.target.line.stalled = False
    assert load.lost(pair.writer) == []
    eventually(lambda: load.arrived(pair.reader(pair.target)))


def _begun(pair: Place, to: Cluster) -> bool:
    """A copy that has just fallen out of step is refused; asked again, as an operator would, it is taken."""
    with suppress(pair.rds(to.region).exceptions.InvalidDBClusterStateFault):
        pair.switch(to)
        return True
    return False


def _read_only(at: Address) -> bool:
    try:
        ask(at, "INSERT INTO kept VALUES (1)")
    except psycopg.errors.ReadOnlySqlTransaction:
        return True
    except psycopg.OperationalError:
        return False
    return False
