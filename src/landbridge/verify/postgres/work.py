"""How far a comparison is, kept after every chunk, so that a kill loses no more than one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from landbridge.model.measure import Difference
from landbridge.verify.port import Result
from landbridge.verify.postgres.reading import Key
from landbridge.verify.results import differences_of, read, write


@dataclass
class Work:
    """What is done, what is left to look at again, what was found."""

    asked: str  # what it compares: work begun on anything else is not gone on with
    began: float
    weights: dict[str, int] = field(default_factory=dict)  # rows of each table, as the statistics have it
    done: dict[str, float] = field(default_factory=dict)  # the share of each table that is read
    after: dict[str, Key] = field(default_factory=dict)  # where the one under way goes on
    suspects: dict[str, list[Key]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    compared: int = 0
    upto: dict[str, str] = field(default_factory=dict)  # where each side stood when it began

    @property
    def coverage(self) -> float:
        """The share of all rows that is read."""
        whole = sum(self.weights.values())
        return sum(self.weights[name] * share for name, share in self.done.items()) / whole if whole else 1.0

    def note(self, what: str) -> None:
        """Once, however often it is seen."""
        if what not in self.notes:
            self.notes.append(what)

    def read_until(self, table: str, done: float, after: Key | None, rows: int, suspects: Sequence[Key]) -> None:
        """One chunk more."""
        self.compared += rows
        self.done[table] = done
        self.suspects.setdefault(table, []).extend(suspects)
        self.after.pop(table, None)
        if after:
            self.after[table] = after

    def result(self, now: float, stopped: str) -> Result:
        """As gates and people see it."""
        found = tuple(sorted(set(self.differences)))
        left = sum(map(len, self.suspects.values()))
        notes = (*self.notes, *((f"{left} keys differed at first sight and were not looked at again",) if left else ()))
        coverage = min(self.coverage, 0.9999) if stopped else self.coverage
        return Result(self.began, now - self.began, self.compared, found, coverage, stopped, notes, self.asked)


@dataclass(frozen=True, slots=True)
class WorkFile:
    """Unfinished work, as a file."""

    path: Path

    def save(self, work: Work) -> None:
        """In place of what it was."""
        write(self.path, asdict(work))

    def load(self, asked: str) -> Work | None:
        """Unfinished work of the same kind; None = there is none to go on with."""
        raw = read(self.path)
        return _work(raw) if raw and raw.get("asked") == asked else None

    def clear(self) -> None:
        """It is finished, or begins anew."""
        self.path.unlink(missing_ok=True)


def _work(raw: dict[str, Any]) -> Work:
    after = {name: tuple(key) for name, key in raw["after"].items()}
    suspects = {name: [tuple(key) for key in keys] for name, keys in raw["suspects"].items()}
    return Work(**{**raw, "after": after, "suspects": suspects, "differences": list(differences_of(raw["differences"]))})
