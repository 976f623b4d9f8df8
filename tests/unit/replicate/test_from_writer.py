"""A copy is measured away from whoever writes, and made and removed as it was begun, whichever way it goes now."""

from datetime import timedelta

import pytest
from tests.fake_regions import FakeReplicator

from landbridge.model.errors import Unreachable
from landbridge.replicate.from_writer import FromWriter


def test_it_is_measured_the_way_it_goes() -> None:
    """There until the writer is there, then back."""
    there, back, turned = FakeReplicator(), FakeReplicator(), [False]
    copy = FromWriter(there, back, lambda: turned[0])
    copy.start()
    assert (copy.begun(), there.begun(), back.begun()) == (True, True, False)
    there.status, there.behind = "active", timedelta(seconds=3)
    back.status, back.behind = "active", timedelta(seconds=7)
    assert (copy.lag(), copy.position()) == (timedelta(seconds=3), "active")
    turned[0] = True
    copy.beat()
    assert (copy.lag(), there.beats, back.beats) == (timedelta(seconds=7), 0, 1)
    copy.stop()
    assert (there.status, back.status) == ("deleting", "active")


def test_while_the_writer_moves_nobody_knows_how_far_it_is() -> None:
    """Neither a heartbeat nor a lag is made up."""

    def moving() -> bool:
        raise Unreachable("us-east-1", "no one writer now")

    copy = FromWriter(FakeReplicator(), FakeReplicator(), moving)
    for ask in (copy.beat, copy.lag, copy.position):
        with pytest.raises(Unreachable):
            ask()
