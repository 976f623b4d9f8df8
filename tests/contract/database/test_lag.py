"""The lag is the age of the newest heartbeat that has arrived: what was injected is what is shown, and silence is age."""

import time

import pytest
from tests.contract.database.place import Place, eventually

from landbridge.rehearse.fabric.database.databases import BEAT_SECONDS


def _shown(pair: Place) -> float:
    lag = pair.run(pair.databases.lag(pair.target))
    assert lag is not None
    return lag


@pytest.mark.parametrize("injected", [0.0, 0.8])
def test_what_is_shown_is_what_was_injected(pair: Place, injected: float) -> None:
    """Never less, and within one heartbeat of it when this machine is quick enough."""
    pair.target.line.lag = injected
    eventually(lambda: _shown(pair) >= injected)
    time.sleep(injected)
    seen = [_shown(pair)]
    while seen[-1] > injected + BEAT_SECONDS:
        seen.append(_shown(pair))
    assert min(seen) >= injected


@pytest.mark.parametrize("wrong", ["stalled", "down"])
def test_a_link_that_brings_nothing_is_stale_and_not_zero(pair: Place, wrong: str) -> None:
    """The lag grows as the time does, and goes when the link is back."""
    setattr(pair.target.line, wrong, True)
    time.sleep(0.5)
    began = time.monotonic()
    first = _shown(pair)
    time.sleep(0.5)
    assert 0.5 <= _shown(pair) - first <= time.monotonic() - began
    setattr(pair.target.line, wrong, False)
    eventually(lambda: _shown(pair) < first)
