"""Ticks: every one processed, in order per symbol, by whoever may; and the newest value never goes back at the holder."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from tests.simulation.checker.state import copies_differ
from tests.simulation.history import History, PenChange

Tick = tuple[str, str, int]


def broken(history: History) -> Iterator[str]:
    """What was put, what was made of it, in which order, and the newest values."""
    yield from _all_processed(history)
    yield from _by_a_holder(history)
    yield from _in_order(history)
    yield from _newest_value(history)
    yield from copies_differ(history, "tick")
    yield from copies_differ(history, "latest")


def _all_processed(history: History) -> Iterator[str]:
    for region, copy in history.copies.items():
        for tick, value in history.ticks.items():
            if copy.get(("tick", *map(str, tick))) != value:
                yield f"tick {tick} was kept for its feed, {region} ends with {copy.get(('tick', *map(str, tick)))}"
    put = {put.tick for put in history.puts}
    yield from (f"{one.region} processed {one.tick}, which no feed put" for one in history.processed if one.tick not in put)


def _by_a_holder(history: History) -> Iterator[str]:
    """A row is written under an epoch in which that side had opened the pen before."""
    opened = {(change.region, change.epoch): change.at for change in reversed(_masters(history)) if change.is_open}
    for one in history.processed:
        if one.at < opened.get((one.region, one.epoch), float("inf")):
            yield f"{one.region} processed {one.tick} under epoch {one.epoch}, in which it had not opened the pen"
            return


def _masters(history: History) -> list[PenChange]:
    return [change for change in history.pens if change.domain == "market"]


def _in_order(history: History) -> Iterator[str]:
    first: dict[Tick, float] = {}
    for one in history.processed:
        first.setdefault(one.tick, one.at)
    excused, newest = _stragglers(history), defaultdict[str, tuple[float, Tick]](lambda: (0.0, ("", "", 0)))
    for tick in sorted(first, key=lambda tick: (tick[1], tick[2])):
        if tick not in excused:
            at, before = newest[tick[1]]
            if first[tick] < at:
                yield f"{tick} was processed {at - first[tick]:.3f} s before {before}"
            newest[tick[1]] = max(newest[tick[1]], (first[tick], tick))


def _stragglers(history: History) -> set[Tick]:
    """Ticks put behind an end marker while that side was not the holder."""
    excused, marked, is_open = set[Tick](), set[tuple[str, int]](), dict[str, bool]()
    changes, seen = _masters(history), 0
    times = [change.at for change in changes]
    for put in history.puts:
        for change in changes[seen : (seen := bisect_right(times, put.at))]:
            is_open[change.region] = change.is_open
        if put.tick is None:
            marked.add((put.region, put.shard))
        elif (put.region, put.shard) in marked and not is_open.get(put.region):
            excused.add(put.tick)
    return excused


def _newest_value(history: History) -> Iterator[str]:
    changes, seen, holder = _masters(history), 0, dict[str, bool]()
    times, stands = [change.at for change in changes], dict[tuple[str, str], int]()
    for one in history.latest:
        for change in changes[seen : (seen := bisect_right(times, one.at))]:
            holder[change.region] = change.is_open
        if one.sequence < stands.get((one.region, one.symbol), 0) and holder.get(one.region):
            yield f"the newest value of {one.symbol} went from {stands[one.region, one.symbol]} to {one.sequence} at {one.region}"
        stands[one.region, one.symbol] = one.sequence
    for region, copy in history.copies.items():
        for _feed, symbol, sequence in history.ticks:
            if (copy.get(("latest", symbol)) or 0) < sequence:
                yield f"the newest value of {symbol} in {region} ends at {copy.get(('latest', symbol))}, {sequence} was put"
                break
