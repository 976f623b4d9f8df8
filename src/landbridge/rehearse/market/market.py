"""All feeds at once, two turns a second each, until the end; then until all they have is stored, or patience is over."""

import asyncio
from collections.abc import Callable, Sequence

from landbridge.rehearse.market.feed import Feed
from landbridge.rehearse.traders.line import Sleep

BEAT = 0.5  # two feeds at 500 ticks a second: four puts of 125
AT_THE_END = 30.0


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
