"""The target's copy of the password becomes its own when nobody changes it any more, and is the one the database takes."""

from typing import Any

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET
from tests.unit.replicate.secret_fakes import FakeRegions, FakeSecrets

from landbridge.migrate.adapters.leaving.secret import SecretMember
from landbridge.model.errors import Unreachable

CURRENT, PENDING = ["AWSCURRENT"], ["AWSPENDING"]
ROTATION, COPY = f"the rotation of db in {SOURCE}", f"the copying of db to {TARGET}"


@pytest.fixture(name="regions")
def _regions() -> FakeRegions:
    """A secret that is changed by itself, and its copy."""
    here = FakeSecrets(secrets={"db": {"v1": ("one", CURRENT)}}, copied={"db": [TARGET]}, rotated={"db"})
    there = FakeSecrets(secrets={"db": {"v1": ("one", CURRENT)}}, primary={"db": SOURCE})
    return FakeRegions({SOURCE: here, TARGET: there})


@pytest.fixture(name="member")
def _member(regions: FakeRegions) -> SecretMember:
    """The source's hold on it."""
    clients: Any = regions
    return SecretMember(clients, "db", REGIONS)


def taken(member: SecretMember) -> list[str]:
    """What goes, in the order of the step: the last that stands goes first."""
    gone = []
    while left := member.standing():
        assert (member.moving(), member.broken()) == ([], [])
        gone.append(left[-1])
        member.remove(left[-1])
    return gone


def test_changing_it_ends_before_the_copy_becomes_the_targets_own(member: SecretMember, regions: FakeRegions) -> None:
    """A password changed after that would never arrive."""
    assert taken(member) == [ROTATION, COPY]
    assert regions.regions[SOURCE].asked == [("unrotate", "db")]
    assert regions.regions[TARGET].asked == [("promote", "db")]


def test_a_source_whose_secret_is_gone_holds_nothing(member: SecretMember, regions: FakeRegions) -> None:
    """An engine that looks again finds no more to do."""
    taken(member)
    regions.regions[SOURCE].secrets.clear()
    assert (member.standing(), member.moving(), member.broken()) == ([], [], [])


def test_a_change_under_way_is_waited_for(member: SecretMember, regions: FakeRegions) -> None:
    """Until the new version is in use, in both regions."""
    both = regions.regions.values()
    for each in both:
        each.secrets["db"]["v2"] = ("two", PENDING)
    assert member.moving() == ["a change of db"]
    regions.regions[SOURCE].secrets["db"] = {"v1": ("one", ["AWSPREVIOUS"]), "v2": ("two", [*CURRENT, *PENDING])}
    assert member.moving() == ["a change of db", "the newest version of db"]
    regions.regions[TARGET].secrets["db"] = {"v1": ("one", ["AWSPREVIOUS"]), "v2": ("two", [*CURRENT, *PENDING])}
    assert member.moving() == []


def test_a_change_that_ended_half_way_is_a_persons(member: SecretMember, regions: FakeRegions) -> None:
    """Nobody here can tell which password the database takes."""
    regions.regions[SOURCE].secrets["db"]["v2"] = ("two", PENDING)
    regions.regions[SOURCE].rotated.clear()
    assert (member.moving(), member.broken()) == (
        [],
        ["a change of db ended half-way: see which password the database takes, then take AWSPENDING off"],
    )


def test_a_target_without_the_password_holds(member: SecretMember, regions: FakeRegions) -> None:
    """Neither none at all nor another one."""
    there = regions.regions[TARGET]
    there.primary.clear()
    there.secrets["db"] = {"x": ("theirs", CURRENT)}
    assert member.broken() == [f"{TARGET} has another db than the source: see which password the database takes"]
    there.secrets.clear()
    assert member.broken() == [f"{TARGET} has no copy of db: the password would go with the source; copy it first"]


def test_a_region_that_is_out_is_not_gone(member: SecretMember, regions: FakeRegions) -> None:
    """Nobody knows."""
    regions.regions[SOURCE].out = True
    with pytest.raises(Unreachable):
        member.standing()
