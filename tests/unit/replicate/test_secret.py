"""A secret's copy is asked for once, told by its versions, measured without writing, and taken away again."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.replicate.secret_fakes import MADE, FakeRegions, FakeSecrets

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.replicate.secret import SecretReplicator

S, T = Region("us-east-1"), Region("eu-central-1")
CURRENT = ["AWSCURRENT"]


@pytest.fixture(name="regions")
def _regions() -> FakeRegions:
    """The secret at the source alone."""
    return FakeRegions({S: FakeSecrets(secrets={"db": {"v1": ("one", CURRENT)}}), T: FakeSecrets()})


@pytest.fixture(name="copy")
def _copy(regions: FakeRegions) -> SecretReplicator:
    """Of it."""
    clients: Any = regions
    return SecretReplicator(clients, "db", lambda: "the target's key", Pair(S, T), lambda: MADE.timestamp() + 7)


def test_the_copy_is_asked_for_with_the_targets_key_and_found_by_its_version(
    copy: SecretReplicator, regions: FakeRegions
) -> None:
    """Once; before it is there nothing is measured."""
    assert (copy.copied(), copy.begun(), copy.lag()) == (False, False, None)
    copy.start()
    assert regions.regions[S].asked == [("to", ("db", [{"Region": T, "KmsKeyId": "the target's key"}]))]
    regions.regions[T].secrets["db"] = {"v1": ("one", CURRENT)}
    copy.start()
    assert (copy.copied(), copy.begun(), copy.lag(), copy.position()) == (True, True, timedelta(0), "version v1")
    assert len(regions.regions[S].asked) == 1


def test_a_copy_with_an_older_password_is_behind_since_the_newer_one_is_there(
    copy: SecretReplicator, regions: FakeRegions
) -> None:
    """Until the newer one has arrived."""
    regions.regions[S].secrets["db"] = {"v1": ("one", ["AWSPREVIOUS"]), "v2": ("two", CURRENT)}
    regions.regions[T].secrets["db"] = {"v1": ("one", CURRENT)}
    assert copy.lag() == timedelta(seconds=7)


def test_another_secret_of_that_name_is_no_copy(copy: SecretReplicator, regions: FakeRegions) -> None:
    """It is left alone, whether a copy is to come or to go."""
    regions.regions[T].secrets["db"] = {"x": ("theirs", CURRENT)}
    with pytest.raises(Refused, match="there is another db"):
        copy.start()
    copy.stop()
    assert (copy.copied(), regions.regions[S].asked) == (False, [])


def test_a_copy_is_taken_away_where_it_is_owned(copy: SecretReplicator, regions: FakeRegions) -> None:
    """Not by deleting it where it lies, which Secrets Manager refuses."""
    regions.regions[T].secrets["db"] = {"v1": ("one", CURRENT)}
    copy.stop()
    assert regions.regions[S].asked == [("off", ("db", [T]))]


def test_a_region_that_is_out_has_not_no_secret(copy: SecretReplicator, regions: FakeRegions) -> None:
    """Nobody knows."""
    regions.regions[T].out = True
    with pytest.raises(Unreachable):
        copy.copied()
