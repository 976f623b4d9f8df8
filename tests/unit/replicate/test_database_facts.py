"""What is not equal of two clusters is said in sentences."""

import pytest

from landbridge.model.region import Pair
from landbridge.replicate.database_facts import Facts, unlike

ALIKE = Facts("18.4", {"plpgsql": "1.0"}, {"plpgsql": "1.0", "postgis": "3.5"}, {"max_connections": "100"})


def test_two_alike_differ_in_nothing() -> None:
    """An extension offered and not used is none."""
    assert unlike(Pair(ALIKE, Facts("18.4", {}, {"plpgsql": "1.0"}, {"max_connections": "100"}))) == []


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (Facts("18.6", {}, ALIKE.offered, ALIKE.parameters), "the source runs 18.4, the target 18.6"),
        (Facts("18.4", {}, {}, ALIKE.parameters), "extension plpgsql is used at the source and not offered at the target"),
        (Facts("18.4", {}, {"plpgsql": "2"}, ALIKE.parameters), "extension plpgsql is 1.0 at the source, the target offers 2"),
        (
            Facts("18.4", {"plpgsql": "2"}, ALIKE.offered, ALIKE.parameters),
            "extension plpgsql is 1.0 at the source and 2 at the target",
        ),
        (Facts("18.4", {}, ALIKE.offered, {}), "parameter max_connections is 100 at the source and not set at the target"),
    ],
    ids=["version", "not offered", "offered otherwise", "installed otherwise", "parameter"],
)
def test_each_difference_is_a_sentence(target: Facts, said: str) -> None:
    """That names both sides."""
    assert unlike(Pair(ALIKE, target)) == [said]
