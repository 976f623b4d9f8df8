"""What a comparison has finished is kept as it goes, so that one that was killed goes on where it stood.

One line a finished chunk, appended and flushed before the next chunk begins: a torn last line is a chunk not finished.
"""

import json
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Kept:
    """The finished chunks of one comparison, by name, in a folder that outlives the process."""

    folder: Path
    plan: Mapping[str, Any]
    began: float
    said: Callable[[str], None] = lambda _chunk: None  # told of each chunk that was kept
    of: float | None = field(default=None, init=False)  # what lists tell is as old as they; None = the stores are read now
    chunks: dict[str, Any] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = self._lines()
        if not lines or lines[0]["plan"] != self.plan:
            self._anew()
            return
        self.began = float(lines[0]["began"])
        self.chunks = {line["chunk"]: line["outcome"] for line in lines[1:]}
        self._rewrite(lines)  # without the torn end, which would swallow the next line

    def keep(self, chunk: str, outcome: Any) -> None:
        """The chunk is finished: whoever resumes finds this outcome."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            self.chunks[chunk] = outcome
            file.write(json.dumps({"chunk": chunk, "outcome": outcome}) + "\n")
        self.said(chunk)

    def finish(self) -> None:
        """Everything is compared: the next comparison begins anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def since(self) -> float:
        """From when on nothing is known: a comparison is as old as what it read."""
        return self.began if self.of is None else min(self.of, self.began)

    @property
    def _path(self) -> Path:
        return self.folder / "chunks.jsonl"

    def _anew(self) -> None:
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        self._rewrite([{"plan": dict(self.plan), "began": self.began}])

    def _rewrite(self, lines: list[dict[str, Any]]) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        fresh.replace(self._path)

    def _lines(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        whole = self._path.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]
