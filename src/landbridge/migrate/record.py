"""One record of the journal: who, what, why, measured figures, and the hash of the record before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FIRST_PREVIOUS = "0" * 64


class Kind(StrEnum):
    """What a record says."""

    LEASE = "lease"  # this engine works now, in this term
    PLAN = "plan"  # a plan begins
    ENTERED = "entered"  # a step's turn has come
    INTENT = "intent"  # about to act; its number is the turn of the act
    FOUND = "found"  # what a look at the world said
    TURNED = "turned"  # from here on the other way
    REVERTED = "reverted"  # a step is back
    ENDED = "ended"
    ASKED = "asked"  # an operator's decision
    ANSWERED = "answered"  # it is honoured, or refused with the reason


class Ask(StrEnum):
    """What an operator may decide."""

    ABORT = "abort"  # go back through everything
    APPROVE = "approve"  # a phase that needs it may begin
    PAUSE = "pause"  # act no more, but keep the lease
    RESUME = "resume"  # no longer paused, no longer held
    FAILBACK = "failback"  # leave what has moved where it is, and end: the way home is a plan of its own
    HOLD = "hold"  # go no further than a step, and keep what stands under the gate


@dataclass(frozen=True, slots=True)
class Record:
    """A link of the chain. Operators' decisions carry term 0, because they need no lease."""

    number: int
    previous: str
    kind: Kind
    term: int
    who: str
    at: float
    step: str = ""
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> str:
        """The same text for the same record, on any machine."""
        fields = {
            "number": self.number,
            "previous": self.previous,
            "kind": str(self.kind),
            "term": self.term,
            "who": self.who,
            "at": repr(self.at),
            "step": self.step,
            "why": self.why,
            "data": self.data,
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @property
    def hash(self) -> str:
        """What the next record names as its previous one."""
        return hashlib.sha256(self.body().encode()).hexdigest()

    @classmethod
    def of(cls, body: str) -> "Record":
        """The record a body stands for."""
        raw = json.loads(body)
        return cls(**{**raw, "kind": Kind(raw["kind"]), "at": float(raw["at"])})
