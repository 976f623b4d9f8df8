"""How the transform reads its streams, said once for the template and for whoever moves the market."""

import pytest

from landbridge.model.market import Stream
from landbridge.model.reading import SETTINGS, settings


@pytest.mark.parametrize(("stream", "lanes"), [(Stream.LIVE, 5), (Stream.MIRROR, 1)])
def test_nothing_in_a_mirror_is_overtaken_by_the_marker_behind_it(stream: Stream, lanes: int) -> None:
    """The move believes a marker passed there; everything else is as SS-3 has it, on both."""
    assert settings(stream) == {**SETTINGS, "ParallelizationFactor": lanes}
