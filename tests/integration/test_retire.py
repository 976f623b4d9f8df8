"""The end of the journey: after the move the source is taken away, while its users go on and notice nothing."""

from pathlib import Path

import pytest

from tests.integration.rehearsals import FEEDS, QUICK_WORLD, Rehearsal, leftovers

LIMIT = "limit_seconds = 240"


@pytest.mark.slow
def test_a_source_retires_under_its_users(tmp_path: Path) -> None:
    """Not one raw error; nothing of the platform is in its region, and report and evidence say so."""
    world = tmp_path / "world.toml"
    slower = QUICK_WORLD.read_text(encoding="utf-8").replace(LIMIT, "limit_seconds = 420")
    world.write_text(slower + FEEDS, encoding="utf-8")
    rehearsal = Rehearsal.start(tmp_path / "run", "--retire", "--ticks", "10", world=world)
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert figures["verdict"] == {"ok": True, "outcome": "done", "expected": "done", "sentences": []}
    assert not any(figures["requests"][bad] for bad in ("failed", "raw_errors", "wrong"))
    for what in ("writes", "commands", "trades"):
        assert figures[what].pop("accepted") > 20
        assert not any(figures[what].values())
    lives = {(each["region"], bool(each["excuse"])) for each in figures["residency"]}
    assert {region for region, excused in lives if not excused} == {"eu-central-1", "eu-west-1"}
    assert figures["evidence"] > 100
    assert rehearsal.journey() == rehearsal.planned(retired=True)
    assert rehearsal.journey()[1:3] + rehearsal.journey()[-3:] == ["adopt", "foundation", "bake", "retire.prove", "retire.remove"]
    assert not leftovers(rehearsal.folder)
