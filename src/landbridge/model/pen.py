"""Who may write: the shape of pens and fences, and where they lie in a region's own table.

Functions and engine both read these items, so the shape lives here and nowhere else.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NewType

Epoch = NewType("Epoch", int)


class Domain(StrEnum):
    """What is moved as one: a kind of writing with one holder at a time."""

    MARKET = "market"
    STATE = "state"
    COMMANDS = "commands"
    EFFECTS = "effects"


class PenState(StrEnum):
    """Whether the side may write."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Pen:
    """A master pen or one of its fences: same shape, same rules."""

    state: PenState
    epoch: Epoch
    turn: int
    since: float

    def item(self) -> dict[str, Any]:
        """As plain attributes of the region's table; `since` as text, because DynamoDB takes no floats."""
        return {"state": str(self.state), "epoch": self.epoch, "turn": self.turn, "since": repr(self.since)}

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "Pen":
        """The pen a table item holds."""
        return cls(PenState(item["state"]), Epoch(int(item["epoch"])), int(item["turn"]), float(item["since"]))


@dataclass(frozen=True, slots=True)
class PenSet:
    """One region's master pen and all its fences, read together."""

    master: Pen | None
    fences: tuple[Pen | None, ...]

    def all_are(self, state: PenState) -> bool:
        """Master and every fence exist and stand in this state."""
        return all(pen is not None and pen.state is state for pen in (self.master, *self.fences))

    def any_is(self, state: PenState) -> bool:
        """Something among them stands in this state."""
        return any(pen is not None and pen.state is state for pen in (self.master, *self.fences))

    @property
    def turn(self) -> int:
        """The newest turn any of them has seen; 0 where none was ever written."""
        return max((pen.turn for pen in (self.master, *self.fences) if pen is not None), default=0)

    @property
    def oldest_turn(self) -> int:
        """The turn every one of them has at least seen; 0 where one was never written."""
        return min((pen.turn if pen is not None else 0 for pen in (self.master, *self.fences)), default=0)

    @property
    def epoch(self) -> Epoch:
        """The newest epoch any of them has seen; 0 where none was ever written."""
        return Epoch(max((pen.epoch for pen in (self.master, *self.fences) if pen is not None), default=0))


def pen_key(domain: Domain, fence: int | None = None) -> dict[str, str]:
    """Where the master pen (no number) or a fence lies in the region's table."""
    return {"pk": f"pen#{domain}", "sk": "master" if fence is None else f"fence#{fence:03d}"}


def fence_of(user: str, fences: int) -> int:
    """The fence that guards this user's writes: the same everywhere, for ever, for a given number of fences."""
    return int.from_bytes(hashlib.sha256(user.encode()).digest()[:4], "big") % fences
