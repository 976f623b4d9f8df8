"""Dashboard state: what is the same, where receipts lie, and who is ours."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import state

from landbridge.model.pen import Domain, Epoch
from landbridge.model.state import StateItem, is_reserved, receipt, receipt_key, receipt_partition

ITEMS = st.builds(
    StateItem, st.text(), st.text(), st.integers(1, 10**12), st.text(), st.integers(0, 99).map(Epoch), st.text(), st.booleans()
)


@given(ITEMS)
def test_an_item_reads_back(item: StateItem) -> None:
    """From plain attributes, numbers as text too."""
    plain = item.item()
    assert StateItem.of({**plain, "version": str(plain["version"]), "epoch": str(plain["epoch"])}) == item


@given(ITEMS, ITEMS)
def test_the_digest_is_the_same_exactly_for_the_same_item(one: StateItem, other: StateItem) -> None:
    """Every attribute counts."""
    assert (one.digest() == other.digest()) == (one == other)


@pytest.mark.parametrize(
    "change",
    [{"value": "w"}, {"version": 2}, {"epoch": Epoch(2)}, {"deleted": True}, {"write_id": "x"}, {"user": "u"}, {"view": "z"}],
)
def test_any_change_changes_the_digest(change: dict[str, object]) -> None:
    """One attribute is enough."""
    assert replace(state(), **change).digest() != state().digest()  # type: ignore[arg-type]


def test_receipts_lie_by_fence_and_time() -> None:
    """Sorted as text they are sorted by time, then key."""
    assert receipt_partition(Domain.STATE, Epoch(3), 7) == "receipt#state#000003#007"
    times = [0.5, 9.5, 10.0, 1_763_000_000.25, 9_999_999_999.0]
    keys = [receipt_key(Domain.STATE, Epoch(1), 0, at, ("ada", "main"))["sk"] for at in times]
    assert keys == sorted(keys)
    assert keys[3] == "1763000000.250000#ada#main"


def test_a_receipt_is_enough_to_restore_the_write() -> None:
    """The item, its digest, and its place."""
    made = receipt(state(), bucket=7, at=1.0)
    assert StateItem.of(made) == state()
    assert made["digest"] == state().digest()
    assert made["pk"].endswith("#007")


def test_our_own_users_are_told_from_people() -> None:
    """By how their names begin."""
    assert [is_reserved(user) for user in ("~canary", "ada", "a~b", "")] == [True, False, False, False]
