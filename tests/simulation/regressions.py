"""What can go wrong in a target while reads shift to it: kinds, sizes drawn at random, and when it begins."""

import math
import random
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a target regresses."""

    ERRORS = "errors added"
    SLOW = "every answer slower"
    SLOW_TAIL = "some answers slower"
    WRONG = "wrong answers"
    LAG = "lag over its limit"
    SILENT_HEART = "no heartbeat"
    SILENT_API = "no answers"
    SILENT_METRICS = "no metrics"


TURNS = (  # each fifth seed: a demand of the gate, in whichever way it may come
    (Kind.ERRORS,),
    (Kind.SLOW, Kind.SLOW_TAIL),
    (Kind.WRONG,),
    (Kind.LAG,),
    (Kind.SILENT_HEART, Kind.SILENT_API, Kind.SILENT_METRICS),
)
SIZES = {  # smallest and largest; drawn evenly by their logarithm, so that small ones are common
    Kind.ERRORS: (0.02, 0.3),
    Kind.SLOW: (2.0, 8.0),
    Kind.SLOW_TAIL: (2.0, 8.0),
    Kind.WRONG: (0.01, 0.3),
    Kind.LAG: (1.02, 20.0),
}


@dataclass(frozen=True, slots=True)
class Regression:
    """One: `size` is a share, or a multiple of the source's p99 or of the lag's limit. Weight 0 = it is there already."""

    kind: Kind
    size: float
    share: float  # of answers, where only some are slower
    at_weight: int
    within: float  # how much of that weight's bake time has passed when it begins


def regression(seed: int) -> Regression:
    """The seed's own."""
    chance = random.Random(f"regression {seed}")
    kind = chance.choice(TURNS[seed % len(TURNS)])
    low, high = SIZES.get(kind, (1.0, 1.0))
    size = math.exp(chance.uniform(math.log(low), math.log(high)))
    return Regression(kind, size, chance.uniform(0.01, 0.05), chance.choice((0, 1, 5)), chance.random())
