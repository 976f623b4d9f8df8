"""A store that is copied both ways: begun when both are, and as far behind as the slower."""

from datetime import timedelta

import pytest
from tests.fake_regions import FakeReplicator

from landbridge.model.measure import Lag
from landbridge.replicate.both_ways import BothWays

QUICK, SLOW = timedelta(seconds=1), timedelta(seconds=3)


def ways(there: str | None, back: str | None) -> BothWays:
    """With copies in these states."""
    return BothWays(FakeReplicator(there, QUICK), FakeReplicator(back, SLOW))


@pytest.mark.parametrize(
    ("there", "back", "said"),
    [
        (None, None, (False, False, None)),
        ("active", None, (True, False, None)),
        (None, "active", (True, False, None)),
        ("active", "creating", (True, True, None)),
        ("active", "active", (True, True, SLOW)),
    ],
)
def test_it_is_copied_by_either_begun_and_heard_by_both(
    there: str | None, back: str | None, said: tuple[bool, bool, Lag | None]
) -> None:
    """Whether it is copied, begun, and how far behind."""
    both = ways(there, back)
    assert (both.copied(), both.begun(), both.lag()) == said


def test_both_begin_beat_and_end_together() -> None:
    """Twice is once."""
    there, back = FakeReplicator(), FakeReplicator()
    both = BothWays(there, back)
    for _ in range(2):
        both.start()
    started = (there.status, back.status)
    both.beat()
    both.stop()
    assert (started, there.beats, back.beats) == (("creating", "creating"), 1, 1)
    assert both.position() == "there: deleting; back: deleting"
