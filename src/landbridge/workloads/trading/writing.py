"""Accepts a write of dashboard state exactly where the pen is, or holds it until the pen has moved.

Pure over its ports. The fence is checked inside the write's own transaction, so a cached fence only routes, and a
handler that freezes and wakes commits nothing. Cost: one transaction of three items for every write.

Does `version < new` protect the items of a newer epoch? Between sides that keep the protocol, yes: a side opens only
after the other is read closed, with a higher epoch, and then no lower epoch passes its fence. After a seizure, no: the
side seized from still stands open with the older epoch, and a higher version would pass. So the condition also asks
that the stored epoch is not above the write's own; where it is, this side has lost its pen and says so. What the losing
side writes *before* the newer item reaches it no condition can stop: that is settled at first contact, from receipts.
"""

from typing import TypeGuard

from landbridge.model.pen import Pen, PenState, fence_of
from landbridge.model.state import StateItem
from landbridge.model.wire import NOT_HOLDER
from landbridge.workloads.trading.ports import (
    Answer,
    Chance,
    Clock,
    Closed,
    Committed,
    Conflict,
    Outcome,
    Peer,
    Rules,
    Sleep,
    Stale,
    Store,
    Unknown,
    Write,
)

FINAL = frozenset({200, 400, 409})  # what the other side's own code settles; a gateway's 403, 404, 429, 5xx settle nothing


class Routes:
    """Which fences were open a moment ago: saves a read a write, and is never believed when it says no."""

    def __init__(self, store: Store, rules: Rules, clock: Clock) -> None:
        self._store, self._rules, self._clock = store, rules, clock
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
        pen = self._store.fence(user)
        self._open.pop(fence, None)
        if pen is not None and pen.state is PenState.OPEN:
            self._open[fence] = (began, pen)
        return pen


def accept(
    write: Write,
    *,
    hop: bool,
    store: Store,
    routes: Routes,
    peer: Peer,
    rules: Rules,
    clock: Clock,
    sleep: Sleep,
    chance: Chance,
) -> Answer:
    """The one true answer to a write, or 503 after the hold: then the client asks again with the same id."""
    ends = clock() + (rules.hop_seconds if hop else rules.hold_seconds)
    fence = routes.recall(write.user)
    while True:
        outcome = _here(write, fence, store, rules, clock)
        if answer := _settled(write, outcome, rules):
            return answer
        if isinstance(outcome, Closed):
            believed, fence = fence, _looked_again(write.user, fence, routes)
            if _is_open(fence) and fence != believed:
                continue
            if hop:
                return Answer(NOT_HOLDER, {"error": "not holder"})
            if clock() < ends and (answer := _there(write, peer)):
                return answer
        if clock() >= ends:
            return _later(outcome)
        sleep(_pause(outcome, rules, chance))
        fence = routes.look(write.user)


def _is_open(fence: Pen | None) -> TypeGuard[Pen]:
    return fence is not None and fence.state is PenState.OPEN


def _looked_again(user: str, fence: Pen | None, routes: Routes) -> Pen | None:
    """A fence believed open that let nothing through may have been recalled too late; one seen closed was just read."""
    return routes.look(user) if _is_open(fence) else fence


def _here(write: Write, fence: Pen | None, store: Store, rules: Rules, clock: Clock) -> Outcome:
    if not _is_open(fence):
        return Closed()
    item = write.at(fence.epoch)
    outcome = store.commit(item, fence_of(write.user, rules.fences), clock())
    if isinstance(outcome, Stale) and _lost_pen(outcome.current, item):
        return Closed()
    return outcome


def _lost_pen(current: StateItem, item: StateItem) -> bool:
    newer_epoch = current.epoch > item.epoch
    return newer_epoch and current.version < item.version and current.write_id != item.write_id


def _settled(write: Write, outcome: Outcome, rules: Rules) -> Answer | None:
    match outcome:
        case Committed(item):
            return _accepted(item, rules)
        case Stale(current) if current.write_id == write.write_id:
            return _accepted(current, rules)
        case Stale(current):
            return Answer(409, {"error": "a newer version stands, or this one under another write id", "current": current.item()})
        case _:
            return None


def _accepted(item: StateItem, rules: Rules) -> Answer:
    told = {"version": item.version, "write_id": item.write_id, "region": rules.region, "epoch": item.epoch}
    return Answer(200, told)


def _there(write: Write, peer: Peer) -> Answer | None:
    answer = peer.put(write)
    return answer if answer is not None and answer.status in FINAL else None


def _pause(outcome: Outcome, rules: Rules, chance: Chance) -> float:
    if isinstance(outcome, Conflict):
        return rules.conflict_seconds * (0.5 + chance())
    return rules.look_seconds


def _later(outcome: Outcome) -> Answer:
    why = outcome.why if isinstance(outcome, Unknown) else type(outcome).__name__.lower()
    body = {"error": "the write could not be settled in time: send it again with the same write_id"}
    return Answer(503, body, {"retry-after": "1"}, why=why)
