"""A market that moves: its feeds put beside the users, its pen goes first, and trades and signals are right on both sides."""

from pathlib import Path

import pytest

from tests.integration.rehearsals import SIGNALS, Rehearsal, leftovers, trading_world


@pytest.mark.slow
def test_a_market_moves_with_its_users(tmp_path: Path) -> None:
    """Not one raw error; no trade lost, doubled, invented or stale in either region, and no window of signals wrong."""
    rehearsal = Rehearsal.start(tmp_path / "run", "--ticks", "10", world=trading_world(tmp_path, SIGNALS))
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert figures["verdict"] == {"ok": True, "outcome": "done", "expected": "done", "sentences": []}
    assert figures["trades"].pop("accepted") > 100
    assert not any(figures["trades"].values())
    assert figures["signals"].pop("accepted") > 100
    assert not any(figures["signals"].values())
    assert list(figures["pens"]) == ["commands", "market", "state"]
    assert not leftovers(rehearsal.folder)
