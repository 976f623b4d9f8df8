"""What a gate saw at each look, for whoever judges next in its place: an engine in AWS lives for a turn, a window is longer.

A look is a fact with a time: nobody takes it back, so keeping one needs no lease (docs/decisions/0107).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from landbridge.traffic.window import Answers


@dataclass(frozen=True, slots=True)
class Look:
    """One look: what the probes of each side came to, and when copies and users were last heard of."""

    at: float
    heard: float
    source: Answers
    target: Answers

    def body(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def of(cls, body: str) -> "Look":
        """The look a body stands for."""
        raw = json.loads(body)
        return cls(raw["at"], raw["heard"], _answers(raw["source"]), _answers(raw["target"]))


class Looks(Protocol):
    """The looks of one run, whoever made them."""

    def since(self, at: float) -> Sequence[Look]:
        """Those made at this moment or later, oldest first."""

    def keep(self, look: Look) -> None:
        """Keeps one more. Raises Unreachable when that is not sure: then nothing is judged by it now."""


def _answers(raw: dict[str, Any]) -> Answers:
    return Answers(**{**raw, "seconds": tuple(raw["seconds"])})
