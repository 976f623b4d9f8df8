"""What is wrong at a region's front door: one frozen value, swapped as a whole while requests run."""

from dataclasses import dataclass
from enum import StrEnum


class Doorway(StrEnum):
    """How the region is reached."""

    OPEN = "open"
    UNAVAILABLE = "unavailable"  # answers 503 as AWS does
    CUT = "cut"  # drops the connection without a word
    SILENT = "silent"  # takes the request and never answers


@dataclass(frozen=True, slots=True)
class Conditions:
    """Delay in seconds on every request; shares from 0 to 1 of AWS calls throttled and of API requests answered 500."""

    doorway: Doorway = Doorway.OPEN
    delay: float = 0.0
    throttle: float = 0.0
    errors: float = 0.0
    link_down: bool = False  # what comes from the other region, or goes there, is dropped
