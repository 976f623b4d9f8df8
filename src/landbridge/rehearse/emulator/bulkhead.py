"""Keeps API requests from drowning the emulator's functions: so many at once, the rest wait in order.

Reads, writes and what the other region forwarded wait in separate lanes: writes held for a moving pen never delay
reads, and two regions that ask each other never wait for each other in a circle. AWS has no such queue; an emulator
without one collapses (285 workers at 50 requests/s), so the wait is part of the measured latency.
"""

import asyncio
from enum import StrEnum

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Lane(StrEnum):
    """Who waits together."""

    READS = "reads"
    WRITES = "writes"
    HOP_READS = "hop reads"
    HOP_WRITES = "hop writes"


def lane_of(method: str, *, hop: bool) -> Lane:
    """The lane a request waits in."""
    if method in READING:
        return Lane.HOP_READS if hop else Lane.READS
    return Lane.HOP_WRITES if hop else Lane.WRITES


class Bulkhead:
    """First come, first served in each lane; a waiter that is cancelled gives its place back."""

    def __init__(self, read_slots: int, write_slots: int) -> None:
        slots = {Lane.READS: read_slots, Lane.WRITES: write_slots, Lane.HOP_READS: read_slots, Lane.HOP_WRITES: write_slots}
        self._slots = {lane: asyncio.Semaphore(count) for lane, count in slots.items()}
        self._waiting = dict.fromkeys(Lane, 0)
        self._inside = dict.fromkeys(Lane, 0)

    def waiting(self, lane: Lane) -> int:
        """How many requests stand in the queue."""
        return self._waiting[lane]

    def inside(self, lane: Lane) -> int:
        """How many requests are being answered."""
        return self._inside[lane]

    async def enter(self, lane: Lane) -> None:
        """Waits for a place; whoever entered must leave."""
        self._waiting[lane] += 1
        try:
            await self._slots[lane].acquire()
        finally:
            self._waiting[lane] -= 1
        self._inside[lane] += 1

    def leave(self, lane: Lane) -> None:
        """Gives the place to the one who waits longest."""
        self._inside[lane] -= 1
        self._slots[lane].release()
