"""What is measured: how far a copy is behind, where a reader stands, what differs between two copies, what a store holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import NewType

Lag = timedelta
Position = NewType("Position", str)


class Side(StrEnum):
    """Which copy."""

    SOURCE = "source"
    TARGET = "target"


class Kind(StrEnum):
    """How a key differs."""

    MISSING = "missing"
    CHANGED = "changed"
    FAILED = "failed"  # AWS says itself that it gave up copying it
    DISORDERED = "disordered"  # behind one it should come before


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One key that is not the same on both sides: at `side` it is missing or wrong (when changed, `side` is the target)."""

    store: str
    key: str
    side: Side
    kind: Kind
    left: str = ""  # by whose decision it is so, and why; empty = nobody's

    def __str__(self) -> str:
        return f"{self.store} {self.key}: {self.kind} at the {self.side}"


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen of a store before anything is moved."""

    obstacles: tuple[str, ...] = ()  # one sentence each, with the fix
    left: tuple[str, ...] = ()  # what would be an obstacle and may stay behind, with whose decision that is
    figures: Mapping[str, int] = field(default_factory=dict)
