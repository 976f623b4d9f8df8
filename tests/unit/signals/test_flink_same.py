"""Flink's own local cluster says of the same records what our signals say."""

import pytest
from bench.signals import compared, environment, mirrored, packaged

RECORDS, FEW = 100_000, 20_000


@pytest.mark.slow
@pytest.mark.timeout(1200)  # the first time it installs Flink
def test_flink_says_the_same_to_the_last_byte() -> None:
    """The query over one file, the packaged application, and trades that come by a mirror: with stragglers, doubles, markers."""
    python = environment()
    assert python, "Flink's environment can't be made here"
    assert compared(python, RECORDS)
    assert packaged(python, FEW)
    assert mirrored(python, FEW)
