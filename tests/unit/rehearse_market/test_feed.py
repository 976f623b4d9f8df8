"""A feed loses nothing and turns nothing round, whatever becomes of its puts and wherever it is sent meanwhile."""

import asyncio
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import SOURCE, TARGET, Clock
from tests.unit.rehearse_market.fake_ingest import FakeIngest, Luck

from landbridge.model.errors import BadInput
from landbridge.model.region import Region
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.feed import PUT_MOST, Feed
from landbridge.rehearse.market.market import BEAT, feeds, run
from landbridge.rehearse.market.ticks import Ticks

SYMBOLS = ("AAPL", "SAP", "SIE")


class Stall:
    """One feed, its book and both sides, on a clock of its own."""

    def __init__(self, folder: Path, *, together: int = 500, rate: float = 100, name: str = "direct") -> None:
        self.clock, self.ingest, self.path = Clock(), FakeIngest(), folder / f"{name}.jsonl"
        self.book = Book(self.path, self.clock)
        ticks = Ticks(name, rate, 7, self.clock(), SYMBOLS)
        self.feed = Feed(ticks, self.ingest, self.book, self.clock, together=together)

    def beat(self, times: int = 1) -> None:
        """So many turns, half a second apart."""
        for _ in range(times):
            self.clock.sleep(BEAT)
            self.feed.turn()

    def made(self) -> dict[tuple[str, str], list[int]]:
        """Every sequence it made, in order."""
        return {line: list(range(1, len(values) + 1)) for line, values in self.book.values.items()}


@pytest.fixture(name="stall")
def _stall(tmp_path: Path) -> Iterator[Stall]:
    stall = Stall(tmp_path)
    yield stall
    stall.book.close()


def test_it_puts_where_the_address_says(stall: Stall) -> None:
    """All it has, in order, and says so first."""
    stall.beat(6)
    assert stall.ingest.first_seen(SOURCE) == stall.made()
    assert not stall.ingest.streams[TARGET]
    assert [(word.feed, word.region) for word in stall.ingest.words] == [("direct", SOURCE)]


def test_it_looks_at_its_address_once_a_second(stall: Stall) -> None:
    """Not at each turn."""
    stall.beat(10)
    assert stall.ingest.looks == 5


def test_it_follows_when_both_sides_say_so(stall: Stall) -> None:
    """And gives its word there, once."""
    stall.beat(4)
    stall.ingest.point(TARGET)
    stall.beat(6)
    assert [word.region for word in stall.ingest.words] == [SOURCE, TARGET]
    assert stall.ingest.words[0].since < stall.ingest.words[1].since
    assert stall.ingest.first_seen(SOURCE, TARGET) == stall.made()
    assert all(stall.ingest.streams.values())


def test_it_stays_while_the_sides_disagree(stall: Stall) -> None:
    """Between two acts of the engine nobody is moved."""
    stall.beat(4)
    stall.ingest.named[TARGET] = TARGET
    stall.beat(4)
    assert not stall.ingest.streams[TARGET]


def test_it_does_not_go_back_on_the_word_of_a_side_that_was_out(stall: Stall) -> None:
    """The source missed the move; when it is back, it disagrees, and that moves nobody."""
    stall.ingest.out, stall.ingest.named[TARGET] = {SOURCE}, TARGET
    stall.beat(4)
    stall.ingest.out = set()
    stall.beat(4)
    assert not stall.ingest.streams[SOURCE]


def test_a_side_without_an_address_says_nothing(stall: Stall) -> None:
    """Before the target is told anything, the source alone counts."""
    stall.ingest.named[TARGET] = None
    stall.beat(2)
    assert stall.ingest.streams[SOURCE]


def test_it_gives_its_word_again_until_it_is_heard(stall: Stall) -> None:
    """The region it moves to may be out at first."""
    stall.beat(2)
    stall.ingest.point(TARGET)
    stall.ingest.out = {TARGET}
    stall.beat(4)
    assert [word.region for word in stall.ingest.words] == [SOURCE]
    stall.ingest.out = set()
    stall.beat(4)
    assert [word.region for word in stall.ingest.words] == [SOURCE, TARGET]


def test_what_was_not_answered_goes_first_elsewhere(stall: Stall) -> None:
    """The source took it and nobody knows: the target gets it again, before anything newer."""
    stall.beat(3)  # it looked at the third
    stall.ingest.luck = deque([Luck.SILENT])
    stall.beat()
    unanswered = stall.ingest.puts[-1][1]
    stall.ingest.point(TARGET)
    stall.beat(4)
    moved = {tick.identity for tick in stall.ingest.streams[TARGET]}
    assert len(moved & {tick.identity for tick in stall.ingest.streams[SOURCE]}) == unanswered
    firsts = stall.ingest.first_seen(TARGET)
    assert all(sequences == sorted(sequences) for sequences in firsts.values())


def test_a_feed_without_its_right_waits(stall: Stall) -> None:
    """Refused is not stored: it goes on where it may, and has lost nothing."""
    stall.beat(2)
    stall.ingest.luck = deque([Luck.REFUSED] * 4)
    stall.beat(4)
    stall.ingest.point(TARGET)
    stall.beat(4)
    assert stall.ingest.first_seen(SOURCE, TARGET) == stall.made()
    assert sum(stall.book.errors.values()) == 4


def test_after_an_outage_it_catches_up(tmp_path: Path) -> None:
    """In puts as large as a stream takes."""
    stall = Stall(tmp_path, rate=1_000)
    stall.ingest.out = {SOURCE, TARGET}
    stall.beat(8)
    stall.ingest.out = set()
    stall.beat(2)
    stall.book.close()
    assert stall.ingest.first_seen(SOURCE) == stall.made()
    assert max(size for _, size in stall.ingest.puts) == PUT_MOST
    assert not stall.feed.waiting


def test_the_book_knows_before_the_stream_does(stall: Stall) -> None:
    """A tick is written down before it is sent, and what is stored after it was answered."""
    stall.ingest.luck = deque([Luck.LOST])
    stall.beat(2)
    entries = [orjson.loads(line) for line in stall.path.read_bytes().splitlines()]
    assert [entry["what"] for entry in entries] == ["made", "stumbled", "made", "stored"]
    assert stall.book.upto == {line: len(values) for line, values in stall.book.values.items()}


LUCK = st.lists(st.sampled_from(list(Luck)), max_size=40)
PLACES = st.lists(st.sampled_from([SOURCE, TARGET]), max_size=20)


def driven(folder: str, luck: list[Luck], places: list[Region], *, together: int) -> Stall:
    """A feed sent to and fro under this luck, then left in peace; what is late arrives after all."""
    stall = Stall(Path(folder), together=together, rate=20)
    stall.ingest.luck = deque(luck)
    for place in places:
        stall.ingest.point(place)
        stall.beat(2)
    stall.ingest.luck.clear()
    stall.beat(2)
    stall.ingest.land()
    stall.book.close()
    return stall


@given(LUCK, PLACES)
def test_nothing_is_lost_nor_turned_round(luck: list[Luck], places: list[Region]) -> None:
    """One tick of a symbol in a put: whatever is refused, each comes first after the one before it, and none is missing."""
    with TemporaryDirectory() as folder:
        stall = driven(folder, luck, places, together=1)
    assert stall.ingest.arrivals() == stall.made()


@given(LUCK, PLACES)
def test_whole_puts_are_not_turned_round_either(luck: list[Luck], places: list[Region]) -> None:
    """Many ticks of a symbol in a put, where a stream takes a put whole or not at all."""
    with TemporaryDirectory() as folder:
        stall = driven(folder, [each for each in luck if each is not Luck.PART], places, together=500)
    assert stall.ingest.arrivals() == stall.made()


@given(LUCK, PLACES)
def test_the_failed_tail_of_a_symbol_goes_again(luck: list[Luck], places: list[Region]) -> None:
    """Many in a put, and some of them refused: nothing is lost, though a later one may have been stored before."""
    with TemporaryDirectory() as folder:
        stall = driven(folder, luck, places, together=500)
    assert {line: sorted(numbers) for line, numbers in stall.ingest.arrivals().items()} == stall.made()
    assert not stall.feed.waiting


@given(LUCK)
def test_a_move_keeps_the_order_over_both(luck: list[Luck]) -> None:
    """The source's stream and then the target's: each symbol once and in order, after identity."""
    with TemporaryDirectory() as folder:
        stall = driven(folder, luck, [SOURCE, SOURCE, SOURCE, TARGET, TARGET], together=1)
    assert stall.ingest.first_seen(SOURCE, TARGET) == stall.made()


@pytest.mark.parametrize("rate", [250, 500])
def test_a_rehearsals_feeds_share_its_rate(stall: Stall, rate: float) -> None:
    """Two of them, a put a turn each: at 500 ticks a second these are four puts of about 125."""
    market = feeds(stall.ingest, stall.book, rate, 7, stall.clock)
    for _ in range(40):
        stall.clock.sleep(BEAT)
        for feed in market:
            feed.turn()
    assert sum(size for _, size in stall.ingest.puts) == pytest.approx(rate * 20, abs=2)
    assert len(stall.ingest.puts) == pytest.approx(80, abs=2)
    assert stall.ingest.arrivals() == stall.made()


@pytest.mark.parametrize("rate", [0.5, 5_001])
def test_a_rate_out_of_reach_is_refused(stall: Stall, rate: float) -> None:
    """With the bounds in the sentence."""
    with pytest.raises(BadInput, match=r"--ticks: .* give a number from 1 to 5000"):
        feeds(stall.ingest, stall.book, rate, 7, stall.clock)


def test_the_market_ends_when_all_is_stored(tmp_path: Path) -> None:
    """Two feeds; the last turns bring nothing new."""
    stalls = [Stall(tmp_path, name=name) for name in ("direct", "consolidated")]
    clock, until = stalls[0].clock, asyncio.Event()
    for stall in stalls:
        stall.feed._clock = clock

    async def nap(seconds: float) -> None:
        clock.sleep(max(seconds, 0.01))
        if clock() > 1_000_010:
            until.set()
        await asyncio.sleep(0)

    stalls[1].ingest.out = {SOURCE, TARGET}
    asyncio.run(run([stall.feed for stall in stalls], until, clock, nap))
    for stall in stalls:
        stall.book.close()
    assert stalls[0].ingest.first_seen(SOURCE) == stalls[0].made()
    assert not stalls[0].feed.waiting
    assert stalls[1].feed.waiting == sum(map(len, stalls[1].book.values.values()))
