"""How a stack stands to what it should be, and what each of CloudFormation's own states allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SETTLED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
KEPT_OLD = frozenset({"UPDATE_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"})  # failed, but what was there still stands
NOTHING = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})
ONLY_ANEW = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})  # can't be updated any more


class Standing(StrEnum):
    """How a stack stands to what it should be."""

    ABSENT = "absent"
    STALE = "stale"
    MOVING = "moving"
    CURRENT = "current"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a stack found."""

    standing: Standing
    why: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    status: str = ""
