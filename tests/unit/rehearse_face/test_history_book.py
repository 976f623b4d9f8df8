"""What was loaded into the history is looked for in each region, version by version, beneath whatever came since."""

import pytest
from tests.fakes import SOURCE, TARGET

from landbridge.model.region import Region
from landbridge.rehearse.history_book import MARKER, HistoryBook, Put, Versions, initial_history, together

PUTS = (Put("a", b"1"), Put("b", b"2"), Put("a", b"3"), Put("b", None))
BOOK = HistoryBook(PUTS)
ONE, TWO, THREE = (Put("", body).digest for body in (b"1", b"2", b"3"))
WHOLE: Versions = {"a": (ONE, THREE), "b": (TWO, MARKER)}


def test_the_same_seed_makes_the_same_versions() -> None:
    """As many as were asked for, several a key, some of them markers."""
    puts = list(initial_history(300, 1))
    assert puts == list(initial_history(300, 1))
    assert puts != list(initial_history(300, 2))
    assert len(puts) == 300
    assert 0 < sum(put.body is None for put in puts) < 60
    assert max(map(len, together(puts).values())) > 2


def test_equal_buckets_that_hold_everything_are_well() -> None:
    """What came since, and a region without the bucket, do no harm."""
    later = {**WHOLE, "a": (ONE, THREE, TWO), "new": (ONE,)}
    for copies in ({SOURCE: WHOLE, TARGET: WHOLE}, {SOURCE: later, TARGET: later}, {SOURCE: WHOLE}):
        found = BOOK.settle(copies)
        assert (found.loaded, found.lost, found.differing) == (4, (), ())


@pytest.mark.parametrize(
    "held",
    [
        {"a": (ONE, THREE)},
        {**WHOLE, "b": (TWO,)},
        {**WHOLE, "b": (MARKER, TWO)},
        {**WHOLE, "b": (ONE, MARKER)},
    ],
)
def test_what_is_missing_in_another_order_or_another_is_named(held: Versions) -> None:
    """With its region, and as a difference between the two."""
    copies: dict[Region, Versions] = {SOURCE: WHOLE, TARGET: held}
    found = BOOK.settle(copies)
    assert (found.lost, found.differing) == (("b is not as it was loaded in eu-central-1",), ("b",))


def test_buckets_that_differ_in_what_came_since_are_told_apart() -> None:
    """Nothing is lost, and yet they are not equal."""
    found = BOOK.settle({SOURCE: {**WHOLE, "new": (ONE,)}, TARGET: WHOLE})
    assert (found.lost, found.differing) == ((), ("new",))
