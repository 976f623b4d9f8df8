"""Compares the signals that lie in the regions' tables with what an offline computation makes of the market's book.

A trade that a stream took within the lateness of its time must count, on whichever side the pen was, and wherever it was put.
One that came later may have been too late for its window: then it is left out where the application says that it was.
The last windows are still open when the market ends: nothing newer says that they are over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.model.market import Tick
from landbridge.model.region import Region
from landbridge.model.trade import Trade, trade
from landbridge.rehearse.market.book import Book, Line
from landbridge.rehearse.market.offline import recomputed
from landbridge.workloads.trading.signals.definitions import Definitions
from landbridge.workloads.trading.signals.rows import standing
from landbridge.workloads.trading.signals.signal import Signal

Identity = tuple[str, str, int]
Window = tuple[int, str]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Taken:
    """The trades that streams are known to hold, and those of them that came after the lateness."""

    trades: frozenset[Trade]
    tardy: frozenset[Trade]

    @classmethod
    def of(cls, book: Book, by: Definitions) -> "Taken":
        """By what the feeds noted outside both regions."""
        trades, tardy = set[Trade](), set[Trade]()
        for line, answers in book.answered.items():
            for each, at in _moments(line, book.values[line], answers):
                trades.add(each)
                if at * 1000 >= each.at + by.lateness_ms:
                    tardy.add(each)
        return cls(frozenset(trades), frozenset(tardy))


@dataclass(frozen=True, slots=True)
class SignalsVerdict:
    """How many windows there are, how many trades were too late for theirs, and a sentence for each window that is not right."""

    windows: int
    late: int
    missing: tuple[str, ...]
    different: tuple[str, ...]
    invented: tuple[str, ...]


def settle(
    by: Definitions, taken: Taken, late: Mapping[Region, frozenset[Identity]], held: Mapping[Region, Rows]
) -> SignalsVerdict:
    """Judges every row that readers see; `late` are the identities a region's application left out."""
    out = {frozenset(each for each in taken.tardy if each[:3] in gone) for gone in late.values()} or {frozenset[Trade]()}
    answers = [{(each.start, each.symbol): each for each in recomputed(by, taken.trades - left)} for left in out]
    over = _over(by, taken.trades)
    due = {window for window in set(answers[0]).intersection(*answers) if window[0] < over}
    shown = {region: {(each.start, each.symbol): each for each in standing(rows)} for region, rows in sorted(held.items())}
    return SignalsVerdict(
        windows=len(due),
        late=len(frozenset[Trade]().union(*out)),
        missing=tuple(
            f"{_named(each)} is not in {region}" for region, rows in shown.items() for each in sorted(due - rows.keys())
        ),
        different=tuple(_different(shown, answers)),
        invented=tuple(
            f"{_named(each)} is in {region} and had no trade"
            for region, rows in shown.items()
            for each in sorted(rows.keys() - set().union(*answers))
        ),
    )


def _moments(line: Line, values: Sequence[str], answers: Iterable[tuple[int, float]]) -> Iterable[tuple[Trade, float]]:
    begun = 0
    for upto, at in answers:
        for sequence in range(begun + 1, upto + 1):
            yield trade(Tick(*line, sequence, values[sequence - 1])), at
        begun = upto


def _over(by: Definitions, trades: Iterable[Trade]) -> int:
    """Windows that begin before it are final: the newest trade lies the lateness behind their last millisecond."""
    newest = max((each.at for each in trades), default=0)
    return (newest - by.lateness_ms + 1) // by.bar_ms * by.bar_ms


def _different(shown: Mapping[Region, Mapping[Window, Signal]], answers: Sequence[Mapping[Window, Signal]]) -> Iterable[str]:
    for region, rows in shown.items():
        for window, found in sorted(rows.items()):
            wanted = [each[window] for each in answers if window in each]
            if wanted and found not in wanted:
                pairs = zip(Signal._fields, found, wanted[0], strict=True)
                name, says, should = next(each for each in pairs if each[1] != each[2])
                yield f"{_named(window)} has another {name} in {region}: {says} instead of {should}"


def _named(window: Window) -> str:
    return f"{window[1]} at {window[0]}"
