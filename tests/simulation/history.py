"""What an outside observer could have written down: commits, answers, acts, and the copies at the end. No engine words."""

from dataclasses import dataclass, field

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Commit:
    """One write made durable in one region."""

    at: float
    region: str
    epoch: int
    key: Key
    version: int
    write_id: str


@dataclass(frozen=True, slots=True)
class PenChange:
    """A master pen or a fence of one region was opened or closed."""

    at: float
    region: str
    item: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a user was told of a write: accepted, or refused for good."""

    at: float
    key: Key
    version: int
    write_id: str
    status: int


@dataclass
class History:
    """Everything that happened, in time order, and what stood at the end."""

    commits: list[Commit] = field(default_factory=list)
    pens: list[PenChange] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    sent: dict[tuple[Key, int], str] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    story: list[tuple[float, str, str]] = field(default_factory=list)
    copies: dict[str, dict[Key, tuple[int, str]]] = field(default_factory=dict)
    outcomes: list[str] = field(default_factory=list)
    hits: list[tuple[str, str]] = field(default_factory=list)
    holders: dict[str, bool] = field(default_factory=dict)

    def note(self, at: float, who: str, what: str) -> None:
        """A line of the story a failing seed tells."""
        self.story.append((at, who, what))

    def readable(self, last: int = 400) -> str:
        """The story in time order, as one reads it after a failure."""
        began = self.story[0][0] if self.story else 0.0
        told = sorted(self.story, key=lambda line: line[0])[-last:]
        return "\n".join(f"{at - began:9.3f}  {who:<14} {what}" for at, who, what in told)
