"""The payments platform, whole: it grows under its customers, loses processes and a region, and keeps every promise."""

from pathlib import Path

import pytest

from tests.integration.rehearsals import ROOT, Rehearsal, leftovers

PROMISED = ("payments", "sessions", "uploads", "refusals", "stacks")


@pytest.mark.slow
@pytest.mark.parametrize("out", ["us-east-1", "us-east-2"])
def test_payments_grow_and_lose_a_region_and_nothing_else(tmp_path: Path, out: str) -> None:
    """Either region, at a rate a busy machine bears: no request failed, nothing is lost, made twice or left behind."""
    options = ("--rate", "8", "--out", out)
    rehearsal = Rehearsal.start(tmp_path / "run", "payments", *options, world=ROOT / "config" / "rehearsal.toml")
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert figures["verdict"] == {"ok": True, "outcome": "done", "expected": "done", "sentences": []}
    assert not any(figures["requests"][bad] for bad in ("failed", "wrong"))
    assert set(figures["requests"]["by_region"]) == {"us-east-1", "us-east-2"}
    for promised in PROMISED:
        accepted = figures[promised].pop("accepted")
        assert accepted > 0, promised
        assert not any(figures[promised].values()), promised
    assert [weight["target_percent"] for weight in figures["weights"]][-1] == 50
    left = 100 if out == "us-east-1" else 0
    assert left in [weight["target_percent"] for weight in figures["weights"]][1:]
    assert {f"{out} is out", f"{out} is back"} <= set(rehearsal.said().splitlines())
    assert not leftovers(rehearsal.folder)
