"""The bulkhead lets so many in and keeps the rest in order."""

import asyncio

from landbridge.rehearse.emulator.bulkhead import Bulkhead, Lane, lane_of


def test_waiters_enter_in_the_order_they_came() -> None:
    """First come, first served."""

    async def run() -> list[int]:
        bulkhead, order = Bulkhead(1, 1), list[int]()

        async def visit(number: int) -> None:
            await bulkhead.enter(Lane.READS)
            order.append(number)
            await asyncio.sleep(0)
            bulkhead.leave(Lane.READS)

        await asyncio.gather(*(visit(number) for number in range(5)))
        return order

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]


def test_no_more_enter_than_there_are_places() -> None:
    """A full lane makes the next one wait, and only until somebody leaves."""

    async def run() -> None:
        bulkhead = Bulkhead(2, 1)
        await bulkhead.enter(Lane.READS)
        await bulkhead.enter(Lane.READS)
        third = asyncio.create_task(bulkhead.enter(Lane.READS))
        await asyncio.sleep(0)
        assert (bulkhead.inside(Lane.READS), bulkhead.waiting(Lane.READS), third.done()) == (2, 1, False)
        bulkhead.leave(Lane.READS)
        await third
        assert (bulkhead.inside(Lane.READS), bulkhead.waiting(Lane.READS)) == (2, 0)

    asyncio.run(run())


def test_full_lanes_never_delay_other_lanes() -> None:
    """Held writes leave reads and forwarded requests alone."""

    async def run() -> None:
        bulkhead = Bulkhead(1, 1)
        await bulkhead.enter(Lane.WRITES)
        for lane in (Lane.READS, Lane.HOP_READS, Lane.HOP_WRITES):
            async with asyncio.timeout(1):
                await bulkhead.enter(lane)

    asyncio.run(run())


def test_a_waiter_that_leaves_gives_its_place_to_the_next() -> None:
    """A cancelled waiter neither blocks the queue nor uses up a place."""

    async def run() -> None:
        bulkhead = Bulkhead(1, 1)
        await bulkhead.enter(Lane.WRITES)
        leaver, patient = (asyncio.create_task(bulkhead.enter(Lane.WRITES)) for _ in range(2))
        await asyncio.sleep(0)
        leaver.cancel()
        await asyncio.gather(leaver, return_exceptions=True)
        bulkhead.leave(Lane.WRITES)
        async with asyncio.timeout(1):
            await patient
        assert (bulkhead.inside(Lane.WRITES), bulkhead.waiting(Lane.WRITES)) == (1, 0)

    asyncio.run(run())


def test_methods_and_hops_choose_the_lane() -> None:
    """Reads, writes and forwarded ones wait apart."""
    assert [lane_of("HEAD", hop=False), lane_of("PUT", hop=False)] == [Lane.READS, Lane.WRITES]
    assert [lane_of("GET", hop=True), lane_of("PUT", hop=True)] == [Lane.HOP_READS, Lane.HOP_WRITES]
