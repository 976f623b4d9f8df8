"""What S3 does not copy of a bucket, and why: said once for who looks before a move and for who compares after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")
CUSTOMERS = "SSE-C"


class Reason(StrEnum):
    """Why versions stay behind."""

    ARCHIVED = "archived"
    CUSTOMERS_KEY = "encrypted by a key their writers hold"
    NO_VERSION = "put before versions were kept"
    KEY = "encrypted by a key that can't be used"


@dataclass(frozen=True, slots=True)
class Group:
    """What decides about a version."""

    storage_class: str
    encryption: str  # as an inventory spells it
    versioned: bool
    marker: bool
    key: str = ""  # of KMS; an inventory does not tell it


def why_not(group: Group, unusable: Iterable[str] = ()) -> Reason | None:
    """Why a version of this group stays behind; None = it is copied."""
    if not group.versioned:
        return Reason.NO_VERSION
    if group.marker:
        return None
    if group.storage_class in ARCHIVES:
        return Reason.ARCHIVED
    if group.encryption == CUSTOMERS:
        return Reason.CUSTOMERS_KEY
    return Reason.KEY if group.key and group.key in unusable else None
