"""All feeds at once, two turns a second each, until the end; then until all they have is stored, or patience is over."""

import asyncio
from collections.abc import Callable, Sequence

from landbridge.model.errors import BadInput
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.feed import PUT_MOST, Feed, Ingest
from landbridge.rehearse.market.ticks import Ticks
from landbridge.rehearse.traders.line import Sleep

BEAT = 0.5  # two feeds at 500 ticks a second: four puts of 125
AT_THE_END = 30.0
FEEDS = ("consolidated", "direct")
SLOWEST, FASTEST = 1, 5_000


def feeds(ingest: Ingest, book: Book, rate: float, seed: int, clock: Callable[[], float]) -> list[Feed]:
    """Those of a rehearsal, `rate` ticks a second together; its emulator takes a put whole or not at all."""
    if not SLOWEST <= rate <= FASTEST:
        raise BadInput("--ticks", f"{rate:g} ticks a second can't be had here", f"give a number from {SLOWEST} to {FASTEST}")
    return [Feed(Ticks(name, rate / len(FEEDS), seed, clock()), ingest, book, clock, together=PUT_MOST) for name in FEEDS]


async def run(feeds: Sequence[Feed], until: asyncio.Event, clock: Callable[[], float], sleep: Sleep = asyncio.sleep) -> None:
    """What a feed could not get rid of is left waiting, and its book says so."""
    async with asyncio.TaskGroup() as market:
        for feed in feeds:
            market.create_task(_run(feed, until, clock, sleep))


async def _run(feed: Feed, until: asyncio.Event, clock: Callable[[], float], sleep: Sleep) -> None:
    due = clock()
    while not until.is_set():
        await asyncio.to_thread(feed.turn)
        due = max(due + BEAT, clock())
        await sleep(due - clock())
    ends = clock() + AT_THE_END
    await asyncio.to_thread(feed.turn, last=True)
    while feed.waiting and clock() < ends:
        await sleep(BEAT)
        await asyncio.to_thread(feed.turn, last=True)
