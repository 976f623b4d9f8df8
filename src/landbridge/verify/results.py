"""Comparisons kept as files of a run's folder: written whole or not at all, so a kill leaves the one before."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from landbridge.model.measure import Difference, Kind, Side
from landbridge.verify.port import Result


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """The newest comparison of each store, one file each."""

    folder: Path

    def keep(self, store: str, result: Result) -> None:
        """In place of the one before."""
        write(self._file(store), asdict(result))

    def newest(self, store: str) -> Result | None:
        """As it was kept."""
        return result_of(raw) if (raw := read(self._file(store))) else None

    def _file(self, store: str) -> Path:
        return self.folder / f"{store}.json"


def result_of(raw: dict[str, Any]) -> Result | None:
    """The result a file holds; None = it holds none."""
    try:
        found = {"differences": differences_of(raw["differences"]), "expected": differences_of(raw.get("expected", []))}
        return Result(**{**raw, **found, "notes": tuple(raw["notes"])})
    except (KeyError, TypeError, ValueError):
        return None


def differences_of(raw: list[dict[str, str]]) -> tuple[Difference, ...]:
    """Differences as a file spells them."""
    return tuple(
        Difference(each["store"], each["key"], Side(each["side"]), Kind(each["kind"]), each.get("left", "")) for each in raw
    )


def read(path: Path) -> dict[str, Any] | None:
    """What a file holds; None = there is none, or it is torn."""
    try:
        raw = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return raw if isinstance(raw, dict) else None


def write(path: Path, what: object) -> None:
    """All of it, on disk, or nothing: written beside, then moved over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(orjson.dumps(what, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
