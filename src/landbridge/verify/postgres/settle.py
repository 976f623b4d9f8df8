"""What differs at one moment is looked at until it is equal, or is proved to differ at one position of the copying.

Time plays no part in the proof: a copy that is an hour behind is not apart, and a row that changes all day may be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from landbridge.model.measure import Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.port import Unfinished
from landbridge.verify.postgres.position import Copying
from landbridge.verify.postgres.reading import Found, Key, Reading, Rows

ROUNDS = 20
NAP = 0.05


@dataclass(frozen=True, slots=True)
class Apart:
    """One key that differs."""

    key: Key
    side: Side
    kind: Kind


@dataclass(frozen=True, slots=True)
class Look:
    """One key in one round: at the target, then at the source, and both again once the target has got there."""

    before: Found | None
    source: Found | None
    target: Found | None
    again: Found | None

    @property
    def key(self) -> Key:
        """Its key, as whichever side has it writes it."""
        return next(each.key for each in (self.source, self.target, self.before, self.again) if each)

    @property
    def same(self) -> bool:
        """Equal at some position, or gone from both."""
        return _hash(self.target) in {_hash(self.source), _hash(self.again)}

    @property
    def apart(self) -> bool:
        """Not equal at the source's position.

        Either the source's row stayed the same version until the target, being there, had another. Or the target's stayed
        the same version from before that position until after it.
        """
        still = self.source is not None and self.source == self.again
        stuck = self.target is not None and self.target == self.before
        return not self.same and (still or stuck)

    def difference(self) -> Apart:
        """What to call it."""
        side = Side.TARGET if self.source else Side.SOURCE
        return Apart(self.key, side, Kind.CHANGED if self.source and self.target else Kind.MISSING)


@dataclass
class Settling:
    """Suspects, round by round."""

    copying: Copying
    patience_seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    restless: int = field(default=0, init=False)  # keys that were never still, while both sides moved on

    def settle(self, suspects: Mapping[str, tuple[Pair[Reading], Sequence[Key]]]) -> dict[str, list[Apart]]:
        """Those that differ, of each table; all tables wait for the target together."""
        left = {name: keys for name, (_, keys) in suspects.items() if keys}
        found: dict[str, list[Apart]] = {name: [] for name in suspects}
        for _ in range(ROUNDS):
            if not left:
                break
            for name, looks in self._looks({name: (suspects[name][0], keys) for name, keys in left.items()}).items():
                found[name] += [look.difference() for look in looks if look.apart]
                left[name] = sorted(look.key for look in looks if not look.same and not look.apart)
            left = {name: keys for name, keys in left.items() if keys}
        self.restless += sum(map(len, left.values()))
        return found

    def _looks(self, suspects: Mapping[str, tuple[Pair[Reading], Sequence[Key]]]) -> dict[str, list[Look]]:
        first = {name: (both.target.look(keys), both.source.look(keys)) for name, (both, keys) in suspects.items()}
        self.catch_up()
        again = {name: (both.target.look(keys), both.source.look(keys)) for name, (both, keys) in suspects.items()}
        return {name: _zipped(*first[name], *again[name]) for name in suspects}

    def catch_up(self) -> None:
        """Waits until the target has what the source has now."""
        position, began = self.copying.position(), self.clock()
        while not self.copying.reached(position):
            if self.clock() - began > self.patience_seconds:
                what = f"has not got to the source's position {position} within {self.patience_seconds:g} s"
                raise Unfinished("the target's copy", what, "compare again when it has caught up")
            self.sleep(NAP)


def _hash(found: Found | None) -> int | None:
    return found.hashed if found else None


def _zipped(before: Rows, source: Rows, target: Rows, again: Rows) -> list[Look]:
    known = before.keys() | source.keys() | target.keys() | again.keys()
    return [Look(before.get(key), source.get(key), target.get(key), again.get(key)) for key in known]
