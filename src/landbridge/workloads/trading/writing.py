"""Accepts a write exactly where the pen is, or holds it until the pen has moved; the same for every kind of write.

Pure over its ports. The fence is checked inside the write's own transaction, so a cached fence only routes, and a
handler that freezes and wakes commits nothing. What a commit means is the write's own business (`Asked`).
Cost: one transaction for every write.
"""

from typing import TypeGuard, TypeVar

from landbridge.model.pen import Pen, PenState, fence_of
from landbridge.model.wire import NOT_HOLDER
from landbridge.workloads.trading.ports import (
    Answer,
    Asked,
    Chance,
    Clock,
    Closed,
    Conflict,
    Fences,
    Rules,
    Sleep,
    Unknown,
    Unsettled,
)

FINAL = frozenset({200, 400, 409})  # what the other side's own code settles; a gateway's 403, 404, 429, 5xx settle nothing

S = TypeVar("S")
P = TypeVar("P")


class Routes:
    """Which fences were open a moment ago: saves a read a write, and is never believed when it says no."""

    def __init__(self, fences: Fences, rules: Rules, clock: Clock) -> None:
        self._fences, self._rules, self._clock = fences, rules, clock
        self._open: dict[int, tuple[float, Pen]] = {}

    def recall(self, user: str) -> Pen | None:
        """The user's fence as last seen open, at most `route_cache_seconds` ago; else as it stands now."""
        seen, pen = self._open.get(fence_of(user, self._rules.fences), (0.0, None))
        if pen is not None and 0 <= self._clock() - seen < self._rules.route_cache_seconds:
            return pen
        return self.look(user)

    def look(self, user: str) -> Pen | None:
        """The user's fence as it stands now."""
        began, fence = self._clock(), fence_of(user, self._rules.fences)
        pen = self._fences.fence(user)
        self._open.pop(fence, None)
        if pen is not None and pen.state is PenState.OPEN:
            self._open[fence] = (began, pen)
        return pen


def accept(
    write: Asked[S, P],
    *,
    hop: bool,
    store: S,
    routes: Routes,
    peer: P,
    rules: Rules,
    clock: Clock,
    sleep: Sleep,
    chance: Chance,
) -> Answer:
    """The one true answer to a write, or 503 after the hold: then the client asks again with the same id."""
    ends = clock() + (rules.hop_seconds if hop else rules.hold_seconds)
    fence = routes.recall(write.user)
    while True:
        said = _here(write, fence, store, rules, clock)
        if isinstance(said, Answer):
            return said
        if isinstance(said, Closed):
            believed, fence = fence, _looked_again(write.user, fence, routes)
            if _is_open(fence) and fence != believed:
                continue
            if hop:
                return Answer(NOT_HOLDER, {"error": "not holder"})
            if clock() < ends and (answer := _there(write, peer)):
                return answer
        if clock() >= ends:
            return _later(said)
        sleep(_pause(said, rules, chance))
        fence = routes.look(write.user)


def _is_open(fence: Pen | None) -> TypeGuard[Pen]:
    return fence is not None and fence.state is PenState.OPEN


def _looked_again(user: str, fence: Pen | None, routes: Routes) -> Pen | None:
    """A fence believed open that let nothing through may have been recalled too late; one seen closed was just read."""
    return routes.look(user) if _is_open(fence) else fence


def _here(write: Asked[S, P], fence: Pen | None, store: S, rules: Rules, clock: Clock) -> Answer | Unsettled:
    if not _is_open(fence):
        return Closed()
    return write.here(store, fence.epoch, fence_of(write.user, rules.fences), clock(), rules.region)


def _there(write: Asked[S, P], peer: P) -> Answer | None:
    answer = write.there(peer)
    return answer if answer is not None and answer.status in FINAL else None


def _pause(said: Unsettled, rules: Rules, chance: Chance) -> float:
    if isinstance(said, Conflict):
        return rules.conflict_seconds * (0.5 + chance())
    return rules.look_seconds


def _later(said: Unsettled) -> Answer:
    why = said.why if isinstance(said, Unknown) else type(said).__name__.lower()
    body = {"error": "the write could not be settled in time: send it again under the same id"}
    return Answer(503, body, {"retry-after": "1"}, why=why)
