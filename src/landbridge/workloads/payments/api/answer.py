"""What a request is answered, and how a request is turned away: a status and one clear sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.errors import LandbridgeError


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body that becomes JSON, and headers beside the usual ones; `failed` is for the log alone."""

    status: int
    body: Mapping[str, Any] | None
    headers: Mapping[str, str] = field(default_factory=dict)
    failed: BaseException | None = None


@dataclass
class TurnedAway(LandbridgeError):
    """The request is refused, with its status."""

    status: int
    why: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.why

    def answer(self) -> Answer:
        """As it is told."""
        return Answer(self.status, {"error": self.why}, self.headers)
