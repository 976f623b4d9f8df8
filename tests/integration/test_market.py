"""A market that moves: its feeds put beside the users, its pen goes first, and every trade is there once on both sides."""

from pathlib import Path

import pytest

from tests.integration.rehearsals import CI_WORLD, Rehearsal, leftovers

FEEDS = """
[overrides.market]
records_per_second = 500             # one shard a stream
feeds = ["consolidated", "direct"]
producers = ["arn:aws:iam::000000000000:role/feeds"]
"""


@pytest.mark.slow
def test_a_market_moves_with_its_users(tmp_path: Path) -> None:
    """Not one raw error; nothing lost, doubled, invented or stale in table or history of either region."""
    world = tmp_path / "world.toml"
    world.write_text(CI_WORLD.read_text(encoding="utf-8") + FEEDS, encoding="utf-8")
    rehearsal = Rehearsal.start(tmp_path / "run", "--ticks", "10", world=world)
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert figures["verdict"] == {"ok": True, "outcome": "done", "expected": "done", "sentences": []}
    assert figures["trades"].pop("accepted") > 100
    assert not any(figures["trades"].values())
    assert list(figures["pens"]) == ["commands", "market", "state"]
    assert not leftovers(rehearsal.folder)
