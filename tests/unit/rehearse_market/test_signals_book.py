"""The signals' end: each window that readers see is the one of all trades that were in time, or it is named."""

from pathlib import Path
from typing import Any

import pytest
from tests.fakes import SOURCE, TARGET

from landbridge.model.pen import Epoch
from landbridge.model.trade import Trade
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.signals_book import Rows, SignalsVerdict, Taken, settle
from landbridge.rehearse.market.ticks import Ticks
from landbridge.workloads.trading.signals.definitions import definitions
from landbridge.workloads.trading.signals.engine import Signals
from landbridge.workloads.trading.signals.rows import row

BY = definitions()
BEGAN = 1_767_603_600.0
TICKS = Ticks("direct", 20, 7, BEGAN, ("SAP", "SIE")).due(BEGAN + 40)


class Clock:
    """Seconds since 1970, as a test says."""

    now = BEGAN

    def __call__(self) -> float:
        """What it is."""
        return self.now


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    """A market whose trades were stored half a second after they were done, but for one that took five."""
    clock = Clock()
    book = Book(tmp_path / "market.jsonl", clock)
    book.made(TICKS)
    for tick in TICKS:
        clock.now = int(tick.value.split(" ")[2]) / 1000 + (5.0 if tick.identity == TICKS[300].identity else 0.5)
        book.stored(SOURCE, [tick])
    book.close()
    return Taken.of(book, BY)


def rows(trades: list[Trade], epoch: int = 1) -> list[dict[str, Any]]:
    """What an application puts that saw these, as it is read: numbers as text."""
    engine = Signals(BY, ["0"])
    put = [row(signal, Epoch(epoch)) for signal in engine.push("0", trades).signals]
    return [{name: str(each) if type(each) is int else each for name, each in found.items()} for found in put]


def in_time(taken: Taken) -> list[Trade]:
    """All trades, by the time they were done."""
    return sorted(taken.trades, key=lambda each: each.at)


def judged(taken: Taken, held: Rows, late: frozenset[tuple[str, str, int]] = frozenset()) -> SignalsVerdict:
    """Beside a source that holds what is right."""
    return settle(BY, taken, {SOURCE: late, TARGET: frozenset()}, {SOURCE: rows(in_time(taken)), TARGET: held})


def test_what_is_whole_is_good(taken: Taken) -> None:
    """Window by window, in both regions; those that are still open count for nothing."""
    held = rows(in_time(taken))
    assert judged(taken, held) == SignalsVerdict(len(held), 0, (), (), ())
    assert len(held) > 60


def test_a_window_without_a_row_is_missing(taken: Taken) -> None:
    """By symbol, time and region."""
    held = rows(in_time(taken))
    assert judged(taken, held[1:]).missing == (f"{held[0]['symbol']} at {held[0]['start']} is not in {TARGET}",)


def test_a_side_that_began_too_late_says_something_else(taken: Taken) -> None:
    """Its windows lack trades, and its means what came before."""
    later = rows(in_time(taken)[150:], epoch=2)
    verdict = judged(taken, [*rows(in_time(taken)), *later])
    assert not verdict.missing
    assert len(verdict.different) >= 20
    assert all(f"in {TARGET}: " in each for each in verdict.different)


def test_a_higher_epoch_stands_over_what_another_side_ended(taken: Taken) -> None:
    """What readers see is compared, not what lies beneath it."""
    beneath = rows(in_time(taken)[150:], epoch=9)
    assert not judged(taken, [*beneath, *rows(in_time(taken), epoch=10)]).different


def test_a_row_without_a_trade_is_invented(taken: Taken) -> None:
    """A symbol that nobody traded."""
    odd = rows([each._replace(symbol="ADS") for each in in_time(taken)])[:1]
    assert judged(taken, [*rows(in_time(taken)), *odd]).invented == (f"ADS at {odd[0]['start']} is in {TARGET} and had no trade",)


def test_a_trade_that_came_too_late_may_be_left_out_where_the_application_says_so(taken: Taken) -> None:
    """Its identity is known, and the book says that it was stored after the lateness."""
    tardy = frozenset(each[:3] for each in taken.tardy)
    assert tardy == {TICKS[300].identity}
    without = rows([each for each in in_time(taken) if each[:3] not in tardy])
    assert judged(taken, without).different
    verdict = judged(taken, without, late=tardy)
    assert (verdict.late, verdict.different) == (1, ())


def test_a_trade_in_time_is_never_too_late(taken: Taken) -> None:
    """Whatever the application says of it."""
    gone = frozenset({TICKS[100].identity})
    held = rows([each for each in in_time(taken) if each[:3] not in gone])
    assert judged(taken, held, late=gone).different
