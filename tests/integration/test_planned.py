"""Planned rehearsals, whole: nothing fails, nothing is lost, and two at once do not meet."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.integration.rehearsals import Rehearsal, leftovers

FIELDS = {
    "seed", "wall_s", "phases", "weights", "requests", "writes", "commands", "objects", "pens", "left_out", "verdict",
    "faults", "command", "setup_s", "worked", "memory_mb",
}  # fmt: skip

JOURNEY = ["preflight", "adopt", "foundation", "replicate", "verify", "shift", "cutover.state", "cutover.commands"]


def test_a_planned_move_needs_no_second_try_from_anyone(tmp_path: Path) -> None:
    """Whole, under load, judged as a user would: not one raw error, nothing lost, nothing left behind."""
    rehearsal = Rehearsal.start(tmp_path / "run")
    assert rehearsal.wait() == 0, rehearsal.said()
    _judged_clean(rehearsal)
    assert rehearsal.journey() == rehearsal.planned() == JOURNEY
    assert rehearsal.adopted() == 2, "an import, and then the rest of the template"
    assert not (rehearsal.folder / "logs" / "world.log").read_text()
    assert not leftovers(rehearsal.folder)


@pytest.mark.slow
def test_two_rehearsals_at_once_do_not_meet(tmp_path: Path) -> None:
    """Each has its own ports, processes, journal and ledger; on one machine they may be slow, but never mixed up."""
    both = [Rehearsal.start(tmp_path / name, "--seed", seed) for name, seed in (("one", "11"), ("other", "12"))]
    for each in both:
        each.until("engine 1 is process")
    one, other = (set(each.run()["endpoints"].values()) | {each.run()["edge"]} for each in both)
    for each in both:
        each.wait()
    assert not one & other
    for each, ports in zip(both, (one, other), strict=True):
        figures = each.figures
        assert figures["verdict"]["outcome"] == "done", each.said()
        assert not any(figures["requests"][bad] for bad in ("failed", "wrong"))
        assert figures["writes"]["lost"] == figures["writes"]["doubled"] == 0
        assert not leftovers(each.folder)
        assert not [url for url in ports if _answers(url)]


def _judged_clean(rehearsal: Rehearsal) -> None:
    figures = rehearsal.figures
    assert figures.keys() == FIELDS
    assert figures["verdict"] == {"ok": True, "outcome": "done", "expected": "done", "sentences": []}
    assert figures["requests"]["total"] > 100
    assert not any(figures["requests"][bad] for bad in ("failed", "raw_errors", "wrong"))
    for promised in ("writes", "commands", "objects"):
        accepted = figures[promised].pop("accepted")
        assert accepted > 20
        assert not any(figures[promised].values())
    assert [weight["target_percent"] for weight in figures["weights"]] == [0, 1, 25, 50, 100]
    assert list(figures["pens"]) == ["commands", "state"]
    assert all(pen["pause_ms"] >= 2000 for pen in figures["pens"].values()), "a target opened before the skew bound had passed"
    assert set(figures["requests"]["by_region"]) == {"us-east-1", "eu-central-1"}
    page = (rehearsal.folder / "report.html").read_text()
    assert "users noticed nothing" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(parts.hostname), int(parts.port or 0))) == 0
