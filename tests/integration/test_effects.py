"""Effects that move: what users order takes effect in the database, once and in order, while its writer moves under them."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.rehearsals import QUICK_WORLD, Rehearsal, leftovers

MOVES = "\n[overrides.database]\nmoves = true\n"


def _world(folder: Path, switchover_seconds: float) -> Path:
    """The tests' own, with a database."""
    world = folder / "world.toml"
    text = QUICK_WORLD.read_text(encoding="utf-8").replace(
        "[fabric]\n", f"[fabric]\nswitchover_seconds = {switchover_seconds:g}\n"
    )
    world.write_text(text + MOVES, encoding="utf-8")
    return world


def _moved(folder: Path, *arguments: str, switchover_seconds: float = 0.1) -> dict[str, Any]:
    """The figures of a rehearsal in which nothing went wrong and nobody had to ask twice."""
    rehearsal = Rehearsal.start(folder / "run", *arguments, world=_world(folder, switchover_seconds))
    assert rehearsal.wait() == 0, rehearsal.said()
    figures = rehearsal.figures
    assert figures["verdict"] == {"ok": True, "outcome": "done", "expected": "done", "sentences": []}
    effects = figures["effects"]
    assert effects.pop("accepted") == figures["commands"]["accepted"] > 5
    assert effects == {"lost": 0, "doubled": 0, "disordered": 0, "invented": 0}
    assert list(figures["pens"]) == ["commands", "effects", "state"]
    assert not leftovers(rehearsal.folder)
    return figures


@pytest.mark.slow
def test_effects_move_there_and_back_with_their_users(tmp_path: Path) -> None:
    """Every accepted command applied once in both servers, in its user's order, after two moves of the writer."""
    figures = _moved(tmp_path, "--and-back")
    assert figures["weights"][-1]["target_percent"] == 0


@pytest.mark.slow
def test_a_switchover_of_a_minute_is_nothing_to_users(tmp_path: Path) -> None:
    """Commands are accepted all the while, and applied once it is over."""
    figures = _moved(tmp_path, switchover_seconds=60)
    assert figures["pens"]["effects"]["pause_ms"] > 60_000
    assert figures["pens"]["commands"]["pause_ms"] < 20_000
