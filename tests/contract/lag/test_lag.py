"""The lag that is shown is the lag that was injected, and a copy that stands still is seen as stale: of every store alike."""

import time

import pytest
from tests.contract.lag.place import eventually
from tests.contract.lag.stores import STORES, Store

from landbridge.migrate.runner import beating

BEAT = 1.0  # seconds between two heartbeats
QUICK = "table"  # the others take longer than an everyday test may
EVERY = [pytest.param(name, marks=[] if name == QUICK else [pytest.mark.slow]) for name in STORES]


def lag(store: Store) -> float:
    """As it is shown."""
    shown = store.replicator.lag()
    assert shown is not None
    return shown.total_seconds()


@pytest.mark.parametrize("injected", [0.0, 1.5])
@pytest.mark.parametrize("store", EVERY, indirect=True)
def test_the_lag_shown_is_the_lag_injected_within_one_heartbeat(store: Store, injected: float) -> None:
    """Never less, once it holds; and seen within one heartbeat of it, as soon as this machine is quick enough for that."""
    with beating(store.replicator.beat, BEAT):
        store.slow(injected)
        eventually(lambda: lag(store) >= injected)
        time.sleep(injected + BEAT)  # what was under way before has arrived
        seen = [lag(store)]
        while seen[-1] > injected + BEAT:
            seen.append(lag(store))
        assert min(seen) >= injected


@pytest.mark.parametrize("store", EVERY, indirect=True)
def test_a_stalled_agent_is_seen_as_stale_and_not_as_zero(store: Store) -> None:
    """The figure grows as the time does although hearts beat, and shrinks when the agent goes on."""
    with beating(store.replicator.beat, BEAT):
        store.stall(True)
        eventually(lambda: lag(store) > 2 * BEAT)  # what was under way has arrived
        began, first = time.monotonic(), lag(store)
        time.sleep(BEAT)
        grown, passed = lag(store) - first, time.monotonic() - began
        assert BEAT <= grown <= passed + 0.001
        store.stall(False)
        eventually(lambda: lag(store) < first + grown)
