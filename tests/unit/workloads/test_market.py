"""Ticks are processed where the pen is; the side that lost it finishes up to its marker, and nothing behind it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.workloads.effect_fakes import a_pen
from tests.unit.workloads.market_fakes import Side

from landbridge.model.market import EndMarker, Entry, Stream, Tick
from landbridge.model.pen import Epoch, Pen, PenState

DRAINING = a_pen(PenState.CLOSED, epoch=1, turn=5)
NEVER_HELD = a_pen(PenState.CLOSED, epoch=0, turn=5)


def tick(sequence: int) -> Tick:
    """One tick of the one symbol."""
    return Tick("feed", "symbol", sequence, str(sequence))


def end(turn: int = 7, region: str = "here", shard: str = "0") -> EndMarker:
    """The end of the shard that is read here."""
    return EndMarker(region, shard, Epoch(1), turn)


def done(side: Side) -> list[int]:
    """The sequences processed, as they first came."""
    return [sequence for _, _, sequence in side.analytics.rows]


STREAM: list[Entry] = [tick(1), tick(2), end(), tick(3), tick(4)]


@pytest.mark.parametrize("stream", Stream)
def test_with_the_pen_every_tick_is_processed_under_its_epoch(stream: Stream) -> None:
    """Live and mirror alike, before and behind markers; those are noted."""
    side = Side("here", a_pen(epoch=3, turn=9))
    assert side.take(STREAM, stream) == 5
    assert (done(side), side.analytics.epochs) == ([1, 2, 3, 4], {3})
    assert side.passed.turns == {(stream, "here", "0"): 7}


def test_draining_ends_at_the_marker_of_this_close() -> None:
    """What is before it is processed, what is behind it is left to the other side; later batches are too."""
    side = Side("here", DRAINING)
    assert (side.take(STREAM), side.take([tick(5)])) == (5, 1)
    assert (done(side), side.passed.turns) == ([1, 2], {(Stream.LIVE, "here", "0"): 7})


def test_a_marker_of_an_earlier_close_ends_nothing() -> None:
    """It lies in the stream from the last time; its turn is not above this close's."""
    side = Side("here", DRAINING)
    assert side.take([tick(1), end(turn=5), tick(2), end(turn=3), tick(3)]) == 5
    assert done(side) == [1, 2, 3]


@pytest.mark.parametrize("marker", [end(region="there"), end(shard="1")], ids=["another region's", "another shard's"])
def test_a_marker_that_does_not_belong_here_says_nothing(marker: EndMarker) -> None:
    """Neither ends this shard nor counts for its own."""
    side = Side("here", DRAINING)
    assert side.take([tick(1), marker, tick(2)]) == 3
    assert (done(side), side.passed.turns) == ([1, 2], {})


def test_a_mirror_may_be_cut_otherwise_than_the_live_stream() -> None:
    """There a marker names the shard it was put into, whichever shard it is found in."""
    side = Side("there", a_pen(turn=9))
    assert side.take([end(shard="1"), end(region="there")], Stream.MIRROR) == 2
    assert side.passed.turns == {(Stream.MIRROR, "here", "1"): 7}


@pytest.mark.parametrize(
    ("pen", "region", "stream"),
    [
        (None, "here", Stream.LIVE),
        (None, "there", Stream.MIRROR),
        (NEVER_HELD, "here", Stream.LIVE),
        (NEVER_HELD, "there", Stream.MIRROR),
        (DRAINING, "there", Stream.MIRROR),
    ],
)
def test_what_is_not_this_sides_is_dealt_with_untouched(pen: Pen | None, region: str, stream: Stream) -> None:
    """No pen, one never held, or one lost and the other side's records: nothing put, nothing noted, nothing given again."""
    side = Side(region, pen)
    assert side.take(STREAM, stream) == 5
    assert (done(side), side.passed.turns) == ([], {})


def test_a_draining_side_that_cannot_see_its_markers_processes_nothing() -> None:
    """The whole batch again: it might lie behind one."""
    side = Side("here", DRAINING)
    side.line.fates = ["lost"]
    assert (side.take(STREAM, first=40), done(side)) == (0, [])


@pytest.mark.parametrize("fate", ["lost", "unanswered"])
def test_what_could_not_be_put_is_given_again_from_there(fate: str) -> None:
    """From the end marker before it on; a marker behind it is not noted."""
    side = Side("here", a_pen(turn=9))
    side.line.fates = ["arrives", "arrives", "arrives", fate]
    assert side.take([*STREAM, end(turn=8)], first=40) == 3
    assert side.passed.turns == {(Stream.LIVE, "here", "0"): 7}


def test_a_marker_that_could_not_be_noted_is_given_again() -> None:
    """And nothing behind it is touched."""
    side = Side("here", a_pen(turn=9))
    side.line.fates = ["arrives", "arrives", "lost"]
    assert (side.take(STREAM), done(side)) == (2, [1, 2])


def test_an_empty_batch_is_dealt_with() -> None:
    """There is no position to give again."""
    side = Side("here", DRAINING)
    side.line.fates = ["lost"]
    assert side.take([]) == 0


FATES = st.lists(st.sampled_from(["arrives", "arrives", "lost", "unanswered"]), max_size=40)
Cuts = list[tuple[int, int]]
CUTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), max_size=20)
TURNS = st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=25)


def _stream(turns: Sequence[int | None]) -> list[Entry]:
    return [tick(number) if turn is None else end(turn) for number, turn in enumerate(turns, 1)]


def _read(side: Side, ours: Sequence[Entry], stream: Sequence[Entry], cuts: Cuts, fates: list[str]) -> Side:
    """Reads the stream; whenever a marker is noted, the ticks before it must stand, as far as they are this side's."""

    def on_note(marker: EndMarker) -> None:
        before = stream[: stream.index(marker)]
        assert {found.identity for found in before if isinstance(found, Tick) and found in ours} <= set(side.analytics.rows)

    side.passed.on_note, side.line.fates = on_note, fates
    side.read(stream, cuts)
    return side


def _ticks(entries: Sequence[Entry]) -> list[int]:
    return [found.sequence for found in entries if isinstance(found, Tick)]


@given(TURNS, CUTS, FATES)
def test_the_holder_processes_every_tick_once_and_in_order(turns: list[int | None], cuts: Cuts, fates: list[str]) -> None:
    """However the shard is cut, whatever is given again, whatever gets lost; a marker is noted after all that is before it."""
    stream = _stream(turns)
    assert done(_read(Side("here", a_pen(turn=9)), stream, stream, cuts, fates)) == _ticks(stream)


@given(TURNS, CUTS, FATES)
def test_the_draining_side_processes_what_is_before_its_marker_and_nothing_behind(
    turns: list[int | None], cuts: Cuts, fates: list[str]
) -> None:
    """However the shard is cut, whatever is given again, whatever gets lost."""
    stream = _stream(turns)
    ours = stream[: next((place for place, turn in enumerate(turns) if turn and turn > DRAINING.turn), len(turns))]
    assert done(_read(Side("here", DRAINING), ours, stream, cuts, fates)) == _ticks(ours)


@given(TURNS, CUTS, CUTS, FATES)
def test_both_sides_together_process_every_tick(turns: list[int | None], cuts: Cuts, others: Cuts, fates: list[str]) -> None:
    """What the side that lost the pen leaves, the new holder finds in its mirror; what both take is the same by identity."""
    stream = _stream(turns)
    source, target = Side("here", DRAINING), Side("there", a_pen(epoch=2, turn=9))
    source.line.fates, target.line.fates = fates[::2], fates[1::2]
    source.read(stream, cuts)
    target.read(stream, others, Stream.MIRROR)
    assert source.analytics.rows.items() <= target.analytics.rows.items()
    assert done(target) == _ticks(stream)
