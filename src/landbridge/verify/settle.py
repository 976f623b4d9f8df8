"""What differs is looked at again until it agrees or has outlived the replication lag; only then it counts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair

K = TypeVar("K")
Seen = Pair[str | None]  # a digest of what each side holds; None = nothing there

ROUNDS = 3  # how often what differs is looked at again before it counts


@dataclass(frozen=True)
class Settling:
    """How long a difference must last: `seconds`, spread over the rounds."""

    seconds: float
    sleep: Callable[[float], None]

    def settle(self, first: Mapping[K, Seen], look: Callable[[Iterable[K]], Mapping[K, Seen]]) -> dict[K, Seen]:
        """What still differs after the last look, as that look saw it; what moves on both sides is behind, not apart."""
        suspects, found = dict(first), dict[K, Seen]()
        for _ in range(ROUNDS):
            if not suspects:
                return {}
            self.sleep(self.seconds / ROUNDS)
            looks = look(suspects)
            suspects = {key: suspects[key] for key, now in looks.items() if now.source != now.target}
            found = {key: looks[key] for key, then in suspects.items() if not moves(then, looks[key])}
        return found


def moves(then: Seen, now: Seen) -> bool:
    """Written at one side and arriving at the other all the while: behind, but not apart."""
    return then.source != now.source and then.target != now.target


def difference(store: str, key: str, seen: Seen) -> Difference:
    """As it is named in a result."""
    side = Side.SOURCE if seen.source is None else Side.TARGET
    kind = Kind.MISSING if seen.source is None or seen.target is None else Kind.CHANGED
    return Difference(store, key, side, kind)
