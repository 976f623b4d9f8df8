"""What an outside observer could have written down: commits, answers, acts, and the copies at the end. No engine words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """One write made durable in one region: a version of a view, a user's numbered command, or a command's effect."""

    at: float
    region: str
    domain: str
    epoch: int
    key: Key
    number: int
    id: str


@dataclass(frozen=True, slots=True)
class PenChange:
    """A master pen, a fence or the database's fence row was opened or closed for one region."""

    at: float
    region: str
    domain: str
    item: str
    is_open: bool
    epoch: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a user was told of a write in the end; `number` is the one it was accepted under."""

    at: float
    domain: str
    key: Key
    number: int
    id: str
    status: int


@dataclass(frozen=True, slots=True)
class Wait:
    """One request of a user: how long it took, and what came of it."""

    began: float
    ended: float
    domain: str
    status: int
    frozen: bool  # its handler stood still for a while


@dataclass(frozen=True, slots=True)
class Put:
    """Something made durable in a live stream: a tick (feed, symbol, sequence), or an end marker (then no tick)."""

    at: float
    region: str
    shard: int
    tick: tuple[str, str, int] | None


@dataclass(frozen=True, slots=True)
class Processed:
    """A tick's row was written in a region."""

    at: float
    region: str
    tick: tuple[str, str, int]
    epoch: int


@dataclass(frozen=True, slots=True)
class Latest:
    """A region's newest value of a symbol became the one of this sequence."""

    at: float
    region: str
    symbol: str
    sequence: int


@dataclass
class History:
    """Everything that happened, in time order, and what stood at the end."""

    commits: list[Commit] = field(default_factory=list)
    pens: list[PenChange] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    sent: dict[tuple[str, Key, str], int] = field(default_factory=dict)  # domain, key, id: the number first sent
    puts: list[Put] = field(default_factory=list)
    ticks: dict[tuple[str, str, int], str] = field(default_factory=dict)  # answered to a feed, with the value
    processed: list[Processed] = field(default_factory=list)
    latest: list[Latest] = field(default_factory=list)
    forwarded_again: int = 0  # writes that came from the other side and were sent back to it
    unanswered: list[str] = field(default_factory=list)
    wanted: int = 1  # how many runs were to end done
    calm: bool = True  # no call goes wrong by itself
    troubles: list[tuple[float, float]] = field(default_factory=list)  # when writes may fail by no fault of the pens
    story: list[tuple[float, str, str]] = field(default_factory=list)
    hits: list[tuple[str, str]] = field(default_factory=list)
    returns: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = field(default_factory=list)  # why; what stood, what stands
    older_won: list[tuple[str, Key]] = field(default_factory=list)  # in a region's copy, over a newer version
    copies: dict[str, dict[Key, Any]] = field(default_factory=dict)  # of the global tables, at the end
    applied: dict[str, dict[str, int]] = field(default_factory=dict)  # of the database, at the end
    effects: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    outcomes: list[str] = field(default_factory=list)
    holders: dict[str, list[str]] = field(default_factory=dict)  # of each domain, at the end

    def note(self, at: float, who: str, what: str) -> None:
        """A line of the story a failing seed tells."""
        self.story.append((at, who, what))

    def readable(self, last: int = 600) -> str:
        """The story in time order, as one reads it after a failure."""
        began = self.story[0][0] if self.story else 0.0
        told = sorted(self.story, key=lambda line: line[0])[-last:]
        return "\n".join(f"{at - began:9.3f}  {who:<14} {what}" for at, who, what in told)
