"""What a decision leaves behind is an expected difference, and nothing else is."""

from collections.abc import Mapping
from random import Random

import pytest
from tests.fakes import Clock
from tests.unit.verify.buckets_world import BucketsWorld, Stored

from landbridge.model.held import Reason
from landbridge.model.measure import Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.bucket import Copy
from landbridge.verify.objects.listing import Bucket
from landbridge.verify.objects.versions import MARK, Rule
from landbridge.verify.port import Result
from landbridge.verify.settle import Settling

WHY = "left behind by decision of the board: kept until 2027"
HELD = {
    Reason.ARCHIVED: Stored("v1", "old", storage="GLACIER", replication="FAILED"),
    Reason.CUSTOMERS_KEY: Stored("v1", "old", encryption="customer", replication=""),
    Reason.NO_VERSION: Stored("null", "old", replication=""),
}


def world(*, own_ids: bool = False) -> BucketsWorld:
    """Three keys that are alike."""
    made = BucketsWorld(Random(1), own_ids=own_ids)
    for number in range(3):
        made.both(f"k{number}", Stored(f"v{number}", "body"))
    return made


def compared(made: BucketsWorld, leave: Mapping[Reason, str], behind: Side = Side.SOURCE) -> Result:
    """What comes of it."""
    copies: Pair[Copy] = Pair(made.source, made.target)
    copies = copies if behind is Side.SOURCE else copies.swapped()
    rule, settling = Rule(same_ids=not made.own_ids), Settling(3.0, made.sleep)
    return StoreComparison(Bucket("history", copies, rule, settling, leave, behind), Clock()).compare()


@pytest.mark.parametrize("own_ids", [False, True])
@pytest.mark.parametrize("reason", HELD)
def test_what_is_left_by_decision_is_expected_and_carries_it(reason: Reason, *, own_ids: bool) -> None:
    """Alone, beneath a version that was copied, and on top of one; whether copies keep their ids or not."""
    made = world(own_ids=own_ids)
    made.source.put("alone", HELD[reason])
    made.source.put("beneath", HELD[reason])
    made.both("beneath", Stored("v2", "new"))
    made.source.put("k0", HELD[reason])
    found = compared(made, {reason: WHY})
    assert found.differences == ()
    assert [each.key.partition(MARK)[0] for each in found.expected] == ["alone", "beneath", "k0"]
    assert {each.left for each in found.expected} == {f"{reason}: {WHY}"}
    assert found.whole


@pytest.mark.parametrize("reason", HELD)
def test_without_a_decision_about_it_it_is_a_difference(reason: Reason) -> None:
    """Whatever was decided about others."""
    made = world()
    made.source.put("alone", HELD[reason])
    others = {each: WHY for each in HELD if each is not reason}
    for leave in ({}, others):
        found = compared(made, leave)
        assert ([each.left for each in found.differences], found.expected) == ([""], ())


@pytest.mark.parametrize("own_ids", [False, True])
def test_a_decision_covers_nothing_but_what_stays_behind(*, own_ids: bool) -> None:
    """A copy that is lost beside an archived one, and one that is there with other content, are differences."""
    made = world(own_ids=own_ids)
    made.source.put("k0", HELD[Reason.ARCHIVED])
    made.target.keys["k0"].clear()
    made.source.put("other", HELD[Reason.ARCHIVED])
    made.target.put("other", Stored("v1", "never was", storage="GLACIER"))
    found = compared(made, {Reason.ARCHIVED: WHY})
    assert {each.key.partition(MARK)[0] for each in found.differences} == {"k0", "other"}


def test_on_the_way_home_what_was_left_is_expected_where_it_stayed() -> None:
    """The target of that way has it, and its source never had."""
    made = world()
    made.source.put("alone", HELD[Reason.ARCHIVED])
    found = compared(made, {Reason.ARCHIVED: WHY}, Side.TARGET)
    assert (found.differences, [each.kind for each in found.expected]) == ((), [Kind.MISSING])
    lost = world()
    lost.source.put("alone", Stored("v1", "new"))
    assert len(compared(lost, {Reason.ARCHIVED: WHY}, Side.TARGET).differences) == 1
