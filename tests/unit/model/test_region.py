"""Names of regions, and pairs of things at both."""

import pytest

from landbridge.model.region import Pair, region


@pytest.mark.parametrize("name", ["us-east-1", "eu-central-1", "us-gov-west-1", "ap-southeast-4"])
def test_a_regions_name_is_taken(name: str) -> None:
    """As AWS writes them."""
    assert region(name) == name


@pytest.mark.parametrize("name", ["", "frankfurt", "eu-central", "EU-central-1", "eu-central-1a", "eu-central-1 "])
def test_what_cannot_be_a_region_is_refused(name: str) -> None:
    """With the name that was given."""
    with pytest.raises(ValueError, match="is not the name of an AWS region"):
        region(name)


def test_a_pair_is_seen_from_both_ends() -> None:
    """Swapped, mapped, and one after the other: source first."""
    pair = Pair("s", "t")
    assert list(pair) == ["s", "t"]
    assert pair.swapped() == Pair("t", "s")
    assert pair.map(str.upper) == Pair("S", "T")
