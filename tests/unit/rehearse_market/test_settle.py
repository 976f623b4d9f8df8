"""The market's end: what is missing, wrong or stale in a region is named; what is alike is not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import SOURCE, TARGET

from landbridge.model.trade import Trade, trade
from landbridge.rehearse.market.settle import Held, MarketVerdict, settle, spans
from landbridge.rehearse.market.ticks import Ticks

TICKS = Ticks("direct", 50, 7, 0.0, ("SAP", "SIE")).due(4.0)
TRADES = [trade(tick) for tick in TICKS]
VALUES = {("direct", symbol): [tick.value for tick in TICKS if tick.symbol == symbol] for symbol in ("SAP", "SIE")}
UPTO = {line: len(values) for line, values in VALUES.items()}
LATEST = [[each for each in TRADES if each.symbol == symbol][-1] for symbol in ("SAP", "SIE")]
WHOLE = Held(TRADES, LATEST, TRADES)
NTH = {(each.symbol, each.sequence): each for each in TRADES}


def judged(held: Held, upto: dict[tuple[str, str], int] | None = None) -> MarketVerdict:
    """Beside a source that holds everything."""
    return settle(VALUES, upto or UPTO, {SOURCE: WHOLE, TARGET: held})


def without(trades: list[Trade], symbol: str, *sequences: int) -> list[Trade]:
    """All but some."""
    return [each for each in trades if (each.symbol, each.sequence) not in {(symbol, number) for number in sequences}]


def test_what_is_whole_is_good() -> None:
    """In any order; a history that repeats itself is counted, not blamed."""
    verdict = judged(Held(TRADES[::-1], LATEST, TRADES + TRADES[:5]))
    assert verdict.is_good
    assert (verdict.stored, verdict.unsettled, verdict.repeats) == (len(TICKS), 0, 5)


def test_a_hole_is_named() -> None:
    """By feed, symbol, sequences and place."""
    verdict = judged(replace(WHOLE, history=without(TRADES, "SAP", 2, 5, 6, 7)))
    assert verdict.lost == (f"direct/SAP 2, 5 to 7 of {UPTO['direct', 'SAP']} is not in the history of eu-central-1",)
    assert not verdict.invented


def test_a_missing_end_is_a_loss() -> None:
    """Without a gap, and yet not all a stream took."""
    last = UPTO["direct", "SIE"]
    verdict = judged(Held(without(TRADES, "SIE", last), [LATEST[0], NTH["SIE", last - 1]], TRADES))
    assert verdict.lost == (f"direct/SIE {last} of {last} is not in the table of eu-central-1",)


def test_an_empty_region_has_lost_everything() -> None:
    """No data is no proof."""
    verdict = judged(Held([], [], []))
    assert len(verdict.lost) == 4
    assert not verdict.is_good


def test_what_nobody_knows_to_be_stored_may_be_there_or_not() -> None:
    """But the run is not settled, and with one beyond it there is a gap."""
    short = {**UPTO, ("direct", "SAP"): 3}
    made = UPTO["direct", "SAP"]
    beyond = tuple(range(4, made + 1))
    there = without(TRADES, "SAP", *beyond)
    verdict = judged(Held(there, [NTH["SAP", 3], LATEST[1]], there), short)
    assert (verdict.lost, verdict.unsettled, verdict.is_good) == ((), made - 3, False)
    gap = without(TRADES, "SAP", 4)
    assert judged(Held(gap, LATEST, TRADES), short).lost == (f"direct/SAP 4 of {made} is not in the table of eu-central-1",)


def test_two_rows_of_a_trade_are_named() -> None:
    """A table has each identity once; history may repeat it."""
    verdict = judged(replace(WHOLE, rows=[*TRADES, NTH["SAP", 3]]))
    assert verdict.doubled == ("direct/SAP 3 has 2 rows in the table of eu-central-1",)
    assert not verdict.is_good


def test_what_was_never_made_is_named() -> None:
    """Another feed, a sequence beyond the last, another price."""
    strange = [NTH["SAP", 1]._replace(feed="other"), NTH["SAP", 1]._replace(sequence=9_999), NTH["SAP", 2]._replace(price=1)]
    verdict = judged(replace(WHOLE, history=TRADES + strange))
    assert verdict.invented == (
        "direct/SAP 2 is in the history of eu-central-1 with something else in it than was made",
        "direct/SAP 9999 is in the history of eu-central-1 and was never made",
        "other/SAP 1 is in the history of eu-central-1 and was never made",
    )
    assert not verdict.lost


def test_an_old_trade_shown_as_the_newest_is_named() -> None:
    """Or none at all."""
    verdict = judged(replace(WHOLE, latest=[NTH["SAP", 1]]))
    assert verdict.stale == tuple(
        f"the newest trade of direct/{symbol} in eu-central-1 is not shown as {UPTO['direct', symbol]}"
        for symbol in ("SAP", "SIE")
    )


@given(st.sets(st.integers(1, 30), min_size=1))
def test_spans_say_every_number_once(numbers: set[int]) -> None:
    """Read back they are the same numbers."""
    said = [span.partition(" to ") for span in spans(sorted(numbers)).split(", ")]
    assert [number for start, _, end in said for number in range(int(start), int(end or start) + 1)] == sorted(numbers)
