"""When requests come due: as people's do, at random around a rate that doesn't wait for answers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import Protocol

LONGEST_NAP_SECONDS = 0.5  # so that a crowd with little to do still hears that it may go home


class Over(Protocol):
    """Whether it is over."""

    def is_set(self) -> bool:
        """It is."""


async def arrivals(
    rate: float, random: Random, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]], until: Over
) -> AsyncIterator[float]:
    """The moments, as they come."""
    due = clock()
    while True:
        due += random.expovariate(rate)
        while (left := due - clock()) > 0 and not until.is_set():
            await sleep(min(left, LONGEST_NAP_SECONDS))
        if until.is_set():
            return
        yield due
