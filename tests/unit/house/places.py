"""Where the house keeps its things, and which of its files people wrote."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = (".ci", "bench", "config", "docs", "requirements", "src", "templates", "tests")
MADE = {"__pycache__"}
TOOLS = re.compile(r"\.git|\.coverage.*")  # a worktree has a file where a clone has a folder


def pages() -> list[Path]:
    """Every page of documentation."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def written() -> Iterator[Path]:
    """Every file that belongs to the project; what tools made beside them is left out."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and not TOOLS.fullmatch(path.name))
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and not MADE.intersection(path.parts):
                yield path
