"""Two sides that both say no are named in one sentence; one that says no is told as it is."""

from random import Random

import pytest
from tests.fakes import SOURCE, TARGET
from tests.unit.verify import test_listing
from tests.unit.verify.buckets_world import BucketsWorld

from landbridge.model.errors import BadInput, LandbridgeError, Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.verify.objects.versions import Rule
from landbridge.verify.postgres.server import TooSlow
from landbridge.verify.sides import at_once

REFUSED = Refused(TARGET, "scan state", "AccessDeniedException: no")


def test_what_both_answer_is_a_pair() -> None:
    """Each from its own side."""
    assert at_once(Pair(1, 2), lambda number: number * 10) == Pair(10, 20)


def test_one_side_that_refuses_is_told_as_it_is() -> None:
    """Of its own kind, with its own sentence."""

    def ask(region: Region) -> None:
        if region == TARGET:
            raise REFUSED

    with pytest.raises(Refused, match="scan state was refused in eu-central-1: AccessDeniedException: no"):
        at_once(Pair(SOURCE, TARGET), ask)


SILENT = Unreachable(SOURCE, "scan state")


@pytest.mark.parametrize(
    ("source", "target", "kind", "said"),
    [
        (REFUSED, REFUSED, Refused, "scan state was refused in eu-central-1 and eu-central-1: AccessDeniedException: no; Access"),
        (SILENT, SILENT, Unreachable, r"us-east-1 and us-east-1 did not answer \(scan state\); the next look"),
        (SILENT, REFUSED, Refused, "refused in eu-central-1: AccessDeniedException: no; and us-east-1 did not answer"),
        (REFUSED, SILENT, Refused, "refused in eu-central-1: AccessDeniedException: no; and us-east-1 did not answer"),
        (BadInput("a", "is torn", "mend it"), SILENT, BadInput, "a: is torn; mend it"),
    ],
)
def test_two_sides_that_say_no_are_named_at_once(
    source: LandbridgeError, target: LandbridgeError, kind: type[LandbridgeError], said: str
) -> None:
    """Of a kind the engine and the verb know what to do with."""

    def ask(error: LandbridgeError) -> None:
        raise error

    with pytest.raises(kind, match=said):
        at_once(Pair(source, target), ask)


def test_two_servers_that_are_too_slow_are_still_too_slow() -> None:
    """Whoever asks for less at once then can tell."""

    def ask(side: str) -> None:
        raise TooSlow(f"the {side}'s database", "a statement was cancelled", "lower its load")

    with pytest.raises(TooSlow, match="both databases: the s's database: a statement was cancelled and the t's"):
        at_once(Pair("s", "t"), ask)


def test_a_bucket_whose_regions_are_both_out_is_one_sentence() -> None:
    """A comparison of a store says it so."""
    world = BucketsWorld(Random(1))
    world.source.fails_at = world.target.fails_at = 1
    with pytest.raises(Unreachable, match=r" and .* did not answer"):
        test_listing.comparison(world, Rule()).compare()
