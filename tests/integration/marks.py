"""RU-6: what users and feeds of a rehearsal sent, as marks that may stand in its own books and nowhere else it writes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LEDGER, MARKET = "ledger.jsonl", "market.jsonl"  # what the run is judged by: they hold all, and are the rehearsal's own
SHORT = 8  # a shorter word may stand anywhere by chance


def marks(folder: Path) -> set[str]:
    """Users, write ids, values, keys, orders, and trades with their prices; words of the program's own are none."""
    books = [folder / name for name in (LEDGER, MARKET) if (folder / name).exists()]
    lines = [line for book in books for line in book.read_text(encoding="utf-8").split("\n") if line]
    return {mark for line in map(json.loads, lines) for mark in _marks(line) if len(mark) >= SHORT}


def places_of(sent: set[str], folder: Path, besides: Mapping[str, str]) -> list[str]:
    """Which of the run's files, and which texts besides, hold a mark; each is named with the first that was found."""
    files = {
        str(path.relative_to(folder)): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (LEDGER, MARKET)
    }
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
        case "made":
            yield from (value for *_, value in line["ticks"])


def _first(sent: set[str], text: str) -> str | None:
    """Escaped or not."""
    return next((mark for mark in sorted(sent) if mark in text or json.dumps(mark)[1:-1] in text), None)
