"""Route 53's answers: weights, health and the rules between them, as held by many resolver caches.

A cache keeps the answer it got for the record's TTL, as resolvers do. With enough of them a weight of 1 % is about
1 % of requests, and a change of weights reaches users over one TTL rather than at once.
"""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Healthy = Callable[[str], bool]
CHAIN_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Record:
    """One CNAME record; without a weight it is the only one of its name."""

    name: str
    value: str
    ttl: int
    identifier: str = ""
    weight: int | None = None
    health_check: str | None = None


Zone = Mapping[str, Sequence[Record]]


def answer(records: Sequence[Record], healthy: Healthy, chance: random.Random) -> Record:
    """The record Route 53 answers with.

    Healthy records with a weight above 0 share the answers by weight. Only when none is left do healthy records of
    weight 0 answer, all alike. When nothing is healthy, everything counts as healthy.
    """
    well = [record for record in records if record.health_check is None or healthy(record.health_check)] or list(records)
    weighted = [record for record in well if record.weight is None or record.weight > 0]
    if not weighted:
        return chance.choice(well)
    weights = [1 if record.weight is None else record.weight for record in weighted]
    return chance.choices(weighted, weights)[0]


def canonical(name: str) -> str:
    """The one spelling of a name: lower case, without the closing dot."""
    return name.lower().rstrip(".")


@dataclass(slots=True)
class _Held:
    value: str
    until: float


@dataclass
class Cache:
    """One resolver with a memory of its own; `resolve` is None for a name nobody ever answered for."""

    chance: random.Random
    _held: dict[str, _Held] = field(default_factory=dict)

    def resolve(self, name: str, zone: Zone, healthy: Healthy, now: float) -> str | None:
        """The name at the end of the chain of CNAMEs, each link held for its TTL."""
        at = canonical(name)
        for _ in range(CHAIN_LIMIT):
            step = self._step(at, zone, healthy, now)
            if step is None:
                return at if at != canonical(name) else None
            at = step
        return None

    def _step(self, name: str, zone: Zone, healthy: Healthy, now: float) -> str | None:
        held = self._held.get(name)
        if held is not None and now < held.until:
            return held.value
        records = zone.get(name)
        if not records:
            return None
        chosen = answer(records, healthy, self.chance)
        self._held[name] = _Held(canonical(chosen.value), now + chosen.ttl)
        return self._held[name].value


class Resolver:
    """All the caches; `zone` is swapped whenever the hosted zones were read, and kept while they can't be."""

    def __init__(self, caches: int, seed: int, healthy: Healthy, clock: Callable[[], float]) -> None:
        self.zone: Zone = {}
        self._healthy = healthy
        self._clock = clock
        self._caches = [Cache(random.Random(f"{seed}/resolver/{number}")) for number in range(caches)]

    def resolve(self, name: str, viewer: str) -> str | None:
        """Where this viewer's resolver says the name leads; the same viewer always asks the same cache."""
        number = int.from_bytes(hashlib.sha256(viewer.encode()).digest()[:8], "big") % len(self._caches)
        return self._caches[number].resolve(name, self.zone, self._healthy, self._clock())
