"""RU-6: what users of a rehearsal sent, as marks that may stand in its ledger and nowhere else it writes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LEDGER = "ledger.jsonl"  # what the run is judged by: it holds all, and is the rehearsal's own
SHORT = 8  # a shorter word may stand anywhere by chance


def marks(folder: Path) -> set[str]:
    """Users, write ids, values, keys and what was ordered; words of the program's own, like names of views, are none."""
    lines = map(json.loads, (folder / LEDGER).read_text(encoding="utf-8").splitlines())
    return {mark for line in lines for mark in _marks(line) if len(mark) >= SHORT}


def places_of(sent: set[str], folder: Path, besides: Mapping[str, str]) -> list[str]:
    """Which of the run's files, and which texts besides, hold a mark; each is named with the first that was found."""
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != LEDGER}
    texts = {name: path.read_text(encoding="utf-8", errors="replace") for name, path in files.items()} | dict(besides)
    return [f"{name} holds {mark}" for name, text in texts.items() if (mark := _first(sent, text))]


def _marks(line: Mapping[str, Any]) -> Iterator[str]:
    match line["what"]:
        case "asked":
            yield line["key"][0]
            write = line["write"] or {}
            yield from (str(write[name]) for name in ("write_id", "value") if name in write)
        case "command sent":
            yield from (line["user"], line["key"], line["body"])
            yield from (text for text in json.loads(line["body"]).values() if " " in text)


def _first(sent: set[str], text: str) -> str | None:
    """Escaped or not."""
    return next((mark for mark in sorted(sent) if mark in text or json.dumps(mark)[1:-1] in text), None)
