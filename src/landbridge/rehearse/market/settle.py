"""Compares what the feeds sent with what the regions hold at the end. Pure; knows nothing of the engine.

Of each feed and symbol a region must hold, in its table and in its history, every sequence that a stream took, without a
gap and word for word, and none that was never made. History may hold a trade several times, as long as all are alike:
analysts read each identity once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.model.market import Tick
from landbridge.model.region import Region
from landbridge.model.trade import Trade, trade
from landbridge.rehearse.market.book import Line

Made = Mapping[Line, Sequence[Trade]]


@dataclass(frozen=True, slots=True)
class Held:
    """The market as one region holds it: rows, the newest of each feed and symbol, history and rows of signals, in any order."""

    rows: Sequence[Trade]
    latest: Sequence[Trade]
    history: Sequence[Trade]
    signals: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class MarketVerdict:
    """How many trades were stored, how many are not known to be, how many lines of history repeat one; and what is wrong."""

    stored: int
    unsettled: int
    repeats: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    invented: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether each trade is there once, after identity, and nothing else is."""
        return not (self.unsettled or self.lost or self.doubled or self.invented or self.stale)


def settle(values: Mapping[Line, Sequence[str]], upto: Mapping[Line, int], held: Mapping[Region, Held]) -> MarketVerdict:
    """Judges every trade: `values` were made, the first of sequence 1; a stream is known to have them up to `upto`."""
    made = {line: [trade(Tick(*line, number, value)) for number, value in enumerate(them, 1)] for line, them in values.items()}
    places = [
        (f"{place} of {region}", trades)
        for region, found in sorted(held.items())
        for place, trades in (("table", found.rows), ("history", found.history))
    ]
    stored = sum(upto.values())
    return MarketVerdict(
        stored=stored,
        unsettled=sum(map(len, made.values())) - stored,
        repeats=sum(len(found.history) - len({each[:3] for each in found.history}) for found in held.values()),
        lost=tuple(sentence for place, trades in places for sentence in _lost(place, trades, made, upto)),
        doubled=tuple(sentence for region, found in sorted(held.items()) for sentence in _doubled(region, found.rows)),
        invented=tuple(sentence for place, trades in places for sentence in _invented(place, trades, made)),
        stale=tuple(sentence for region, found in sorted(held.items()) for sentence in _stale(region, found)),
    )


def _lost(place: str, trades: Iterable[Trade], made: Made, upto: Mapping[Line, int]) -> Iterator[str]:
    there: defaultdict[Line, set[int]] = defaultdict(set)
    for each in trades:
        there[each.feed, each.symbol].add(each.sequence)
    for line, known in sorted((line, len(them)) for line, them in made.items()):
        whole = max(upto.get(line, 0), *(number for number in there[line] if number <= known), 0)
        if missing := sorted(set(range(1, whole + 1)) - there[line]):
            yield f"{'/'.join(line)} {spans(missing)} of {whole} is not in the {place}"


def _doubled(region: Region, rows: Sequence[Trade]) -> Iterator[str]:
    times = Counter(each[:3] for each in rows)
    for (feed, symbol, sequence), count in sorted(times.items()):
        if count > 1:
            yield f"{feed}/{symbol} {sequence} has {count} rows in the table of {region}"


def _invented(place: str, trades: Iterable[Trade], made: Made) -> Iterator[str]:
    for each in sorted(set(trades)):
        of_line = made.get((each.feed, each.symbol), ())
        if not 1 <= each.sequence <= len(of_line):
            yield f"{_named(each)} is in the {place} and was never made"
        elif of_line[each.sequence - 1] != each:
            yield f"{_named(each)} is in the {place} with something else in it than was made"


def _stale(region: Region, found: Held) -> Iterator[str]:
    newest: dict[Line, Trade] = {}
    for each in found.rows:
        newest[each.feed, each.symbol] = max(each, newest.get((each.feed, each.symbol), each), key=lambda one: one.sequence)
    shown = {(each.feed, each.symbol): each for each in found.latest}
    for line, wanted in sorted(newest.items()):
        if shown.get(line) != wanted:
            yield f"the newest trade of {'/'.join(line)} in {region} is not shown as {wanted.sequence}"


def spans(numbers: Sequence[int]) -> str:
    """Rising numbers as people write them, like `2, 5 to 9`."""
    present = set(numbers)
    starts = [number for number in numbers if number - 1 not in present]
    ends = [number for number in numbers if number + 1 not in present]
    return ", ".join(f"{start}" if start == end else f"{start} to {end}" for start, end in zip(starts, ends, strict=True))


def _named(found: Trade) -> str:
    return f"{found.feed}/{found.symbol} {found.sequence}"
