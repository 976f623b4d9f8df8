"""Sends lines of packs, each key in its order: a key's next pack goes when the one before it is known to be stored.

What failed, or may have failed, is sent again while other keys go on. So a key's records can lie in the mirror twice,
never in another order, whoever died in the midst and whatever arrives late.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from landbridge.agents.lines import Lines, Pack
from landbridge.agents.mirror_stream import Outcome

WAVE_PACKS = 500
WAVE_BYTES = 4 * 1024 * 1024
FIRST_REST, LONGEST_REST = 0.05, 1.0  # seconds


class Mirror(Protocol):
    """The other side's mirror."""

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """One request, once. Raises Refused where trying again is of no use."""


@dataclass(slots=True)
class Tally:
    """What a call did, in numbers."""

    requests: int = 0
    packs: int = 0
    again: int = 0
    maybe_twice: int = 0
    set_aside: int = 0


@dataclass
class Delivery:
    """Sends for one call of the function; `has_time` says whether one more request and the answer fit in."""

    mirror: Mirror
    has_time: Callable[[], bool]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    tally: Tally = field(default_factory=Tally)

    def send(self, lines: Lines) -> int | None:
        """The place of the first record that is not known to be stored when time ran out; None = all are."""
        rests = 0
        while lines:
            if not self.has_time():
                return min(line[0].first for line in lines.values())
            failed = self._wave(lines)
            rests = rests + 1 if failed else 0
            if failed and self.has_time():
                self.sleep(min(LONGEST_REST, FIRST_REST * 2 ** (rests - 1)) * (1 + self.chance()) / 2)
        return None

    def _wave(self, lines: Lines) -> int:
        """One request of the keys' foremost packs; how many must go again."""
        packs = _foremost(lines)
        outcome = self.mirror.put(packs)
        for pack, stored in zip(packs, outcome.stored, strict=True):
            if stored:
                lines[pack.key].popleft()
                if not lines[pack.key]:
                    del lines[pack.key]
        failed = len(packs) - sum(outcome.stored)
        self.tally.requests += 1
        self.tally.packs += len(packs) - failed
        self.tally.again += failed
        self.tally.maybe_twice += failed if outcome.unknown else 0
        return failed


def _foremost(lines: Lines) -> list[Pack]:
    """The first pack of each key, as many as one request takes."""
    taken: list[Pack] = []
    size = 0
    for line in lines.values():
        size += line[0].size
        if taken and (len(taken) == WAVE_PACKS or size > WAVE_BYTES):
            break
        taken.append(line[0])
    return taken
