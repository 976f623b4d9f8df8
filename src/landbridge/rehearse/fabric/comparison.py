"""Evens out two copies of a table whose streams don't reach back far enough: at the first copy, or after a loss.

Without write times the better guess wins: content that changed since we last looked over content we know, of two we
know the later, of two we don't the declaring side's. What only one side has is never deleted on a guess.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from landbridge.model.region import Pair
from landbridge.rehearse.fabric.last_writer import Change, Copy, Image, Stamp, change_of

NEVER = Stamp(0, "", "")


@dataclass(frozen=True, slots=True)
class Found:
    """A copy and the items a scan found in it."""

    copy: Copy
    items: Iterable[Image]


def compared(names: Sequence[str], found: Pair[Found], now_ms: int) -> Pair[list[Change]]:
    """What must be written on each side to make both alike; both copies learn what they hold."""
    writes: Pair[list[Change]] = Pair([], [])
    sides = found.map(lambda side: _by_key(names, side, now_ms))
    for key in sorted(sides.source.keys() | sides.target.keys()):
        some = sides.source.get(key) or sides.target[key]
        ours, theirs = (_of(side, some, found_side.copy, now_ms) for side, found_side in zip(sides, found, strict=True))
        forward = _standing(found.source.copy, ours) >= _standing(found.target.copy, theirs)
        winner, to = (ours, found) if forward else (theirs, found.swapped())
        to.source.copy.learned(winner)
        if ours.digest == theirs.digest:
            to.target.copy.learned(winner)
        else:
            (writes.target if forward else writes.source).append(winner)
    return writes


def _of(side: Mapping[str, Change], some: Change, copy: Copy, now_ms: int) -> Change:
    return side.get(some.key) or change_of(some.keys, None, Stamp(now_ms, copy.region, ""))


def _by_key(names: Sequence[str], side: Found, now_ms: int) -> dict[str, Change]:
    stamp = Stamp(now_ms, side.copy.region, "")
    changes = (change_of({name: item[name] for name in names}, item, stamp) for item in side.items)
    return {change.key: change for change in changes}


def _standing(copy: Copy, found: Change) -> tuple[int, Stamp]:
    held = copy.held(found.key)
    if held is not None and held.digest == found.digest:
        return 1, held.stamp
    if found.image is None or copy.ours(found.key, found.digest):
        return 0, NEVER
    return 2, NEVER
