"""One writer is reported when there is exactly one, and an act whose answer was lost is resolved by reading."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from tests.fakes import REGIONS, SOURCE, TARGET
from tests.unit.replicate.aurora_answers import S_ARN, T_ARN, Rds, both, cluster, joined, member

from landbridge.migrate.adapters.database_writer import DatabaseMember, DatabaseWriter
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region

AT_SOURCE = joined(member(S_ARN, writes=True), member(T_ARN, writes=False))
AT_TARGET = joined(member(S_ARN, writes=False), member(T_ARN, writes=True))
MOVING = joined(member(S_ARN, writes=True), member(T_ARN, writes=False), status="switching-over", moving="switching-over")
PENDING = joined(member(S_ARN, writes=True), member(T_ARN, writes=False), moving="pending")
NONE = joined(member(S_ARN, writes=False), member(T_ARN, writes=False))
TWO = joined(member(S_ARN, writes=True), member(T_ARN, writes=True))
FORWARDING = joined(member(S_ARN, writes=True), member(T_ARN, writes=False, forwarding="enabling"))
LOST = ReadTimeoutError(endpoint_url="http://lost")
NO = ClientError({"Error": {"Code": "InvalidGlobalClusterStateFault", "Message": "no"}}, "SwitchoverGlobalCluster")


@pytest.fixture
def told() -> dict[Region, Rds]:
    """Both regions' RDS, which say nothing yet."""
    return {}


@pytest.fixture
def writer(told: dict[Region, Rds]) -> DatabaseWriter:
    """Over both."""
    aurora, rds = both()
    told |= rds
    return DatabaseWriter(aurora, "g", REGIONS)


def say(told: dict[Region, Rds], source: dict[str, object], target: dict[str, object]) -> None:
    """What each region tells of the global cluster."""
    told[SOURCE].globals["g"], told[TARGET].globals["g"] = source, target


@pytest.mark.parametrize(
    ("source", "target", "where"),
    [
        (AT_SOURCE, AT_SOURCE, SOURCE),
        (AT_TARGET, AT_TARGET, TARGET),
        (MOVING, MOVING, None),
        (PENDING, PENDING, None),
        (NONE, NONE, None),
        (TWO, TWO, None),
        (AT_SOURCE, AT_TARGET, None),
    ],
    ids=["source", "target", "moving", "about to move", "none", "two", "the regions disagree"],
)
def test_a_writer_is_reported_when_there_is_exactly_one(
    writer: DatabaseWriter, told: dict[Region, Rds], source: dict[str, object], target: dict[str, object], where: Region | None
) -> None:
    """By every region, with nothing moving."""
    say(told, source, target)
    assert writer.writer() == where


def test_one_region_that_is_out_leaves_the_other_to_ask(writer: DatabaseWriter, told: dict[Region, Rds]) -> None:
    """Both out: nobody knows."""
    say(told, AT_SOURCE, AT_TARGET)
    told[SOURCE].out = True
    assert writer.writer() == TARGET
    told[TARGET].out = True
    with pytest.raises(Unreachable):
        writer.writer()


def test_write_forwarding_is_a_second_way_in(writer: DatabaseWriter, told: dict[Region, Rds]) -> None:
    """So no one writer is reported, and it is said why."""
    say(told, FORWARDING, FORWARDING)
    with pytest.raises(Refused, match="turn write forwarding off"):
        writer.writer()


def test_what_is_not_there_is_named(writer: DatabaseWriter, told: dict[Region, Rds]) -> None:
    """The global cluster, or the member that shall write."""
    with pytest.raises(Refused, match="there is no global cluster g"):
        writer.writer()
    say(told, joined(member(S_ARN, writes=True)), joined(member(S_ARN, writes=True)))
    with pytest.raises(Refused, match="g has no member there"):
        writer.switch(TARGET)


def test_it_is_asked_of_the_region_that_shall_write(writer: DatabaseWriter, told: dict[Region, Rds]) -> None:
    """A failover says that data may be lost, a switchover does not."""
    say(told, AT_SOURCE, AT_SOURCE)
    writer.switch(TARGET)
    writer.fail_over(TARGET)
    given = {"GlobalClusterIdentifier": "g", "TargetDbClusterIdentifier": T_ARN}
    assert told[TARGET].acts == [
        ("switchover_global_cluster", given),
        ("failover_global_cluster", {**given, "AllowDataLoss": True}),
    ]
    assert told[SOURCE].acts == []


@pytest.mark.parametrize("standing", [AT_TARGET, MOVING, PENDING], ids=["writes there", "moving", "about to move"])
def test_nothing_is_begun_twice(writer: DatabaseWriter, told: dict[Region, Rds], standing: dict[str, object]) -> None:
    """Neither when it is done nor when it is under way."""
    say(told, standing, standing)
    writer.switch(TARGET)
    assert told[TARGET].acts == []


@pytest.mark.parametrize("failed", [LOST, NO], ids=["no answer", "refused"])
def test_a_lost_answer_is_resolved_by_reading(writer: DatabaseWriter, told: dict[Region, Rds], failed: Exception) -> None:
    """Under way after all: good. Not: the caller is told, and nothing was sent a second time."""
    say(told, AT_SOURCE, AT_SOURCE)
    told[TARGET].fails, told[TARGET].then = failed, MOVING
    writer.switch(TARGET)
    say(told, AT_SOURCE, AT_SOURCE)
    told[TARGET].then = None
    with pytest.raises((Unreachable, Refused)):
        writer.switch(TARGET)
    assert told[TARGET].did == ["switchover_global_cluster"] * 2


def test_no_act_arrives_after_the_client_gave_up(writer: DatabaseWriter) -> None:
    """One try of one connection and one answer."""
    assert writer.takes_at_most == 3.0


def test_the_member_that_leaves_is_detached_once(told: dict[Region, Rds]) -> None:
    """Asked of the side that stays; not while it writes."""
    aurora, rds = both()
    member_of_source = DatabaseMember(aurora, "g", SOURCE, TARGET)
    rds[TARGET].globals["g"] = AT_SOURCE
    assert member_of_source.broken() == [f"{S_ARN} is the writer of g: move the writer to {TARGET} first"]
    rds[TARGET].globals["g"] = MOVING
    assert member_of_source.moving() == ["g"]
    rds[TARGET].globals["g"] = AT_TARGET
    assert (member_of_source.standing(), member_of_source.moving(), member_of_source.broken()) == ([S_ARN], [], [])
    member_of_source.remove(S_ARN)
    rds[TARGET].globals["g"] = joined(member(T_ARN, writes=True))
    member_of_source.remove(S_ARN)
    assert rds[TARGET].acts == [("remove_from_global_cluster", {"GlobalClusterIdentifier": "g", "DbClusterIdentifier": S_ARN})]
    assert rds[SOURCE].acts == []


def test_a_member_that_is_on_its_way_out_is_not_asked_again() -> None:
    """AWS refuses a second time, and lists it for a while yet."""
    aurora, rds = both()
    leaving = DatabaseMember(aurora, "g", SOURCE, TARGET)
    rds[TARGET].globals["g"] = AT_TARGET
    rds[SOURCE].clusters["s"] = cluster("s", S_ARN, status="promoting")
    assert leaving.moving() == ["s"]
    rds[SOURCE].clusters["s"] = cluster("s", S_ARN)
    assert leaving.moving() == []
