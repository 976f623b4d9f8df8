"""Where the contract is held: in memory with time that passes at once, and behind a door with the emulator's functions."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from tests.contract.event_source.handler import noted

from landbridge.rehearse.fabric.event_source.driver import EventSources

Json = dict[str, Any]
Hold = Callable[..., None]  # holds a case, given as a coroutine function of a site
SETTINGS: Json = {"StartingPosition": "TRIM_HORIZON", "BatchSize": 10}
NUMBERS = itertools.count()


class Site(Protocol):
    """A stream of its own, an empty queue and bucket, and the pollers that are being judged."""

    stream: str
    queue: str
    bucket: str
    folder: Path
    driver: EventSources

    async def put(self, *records: Json, key: str = "k") -> None:
        """Records of one key, one after the other."""

    async def request(self, method: str, uuid: str, asked: Json) -> Json:
        """A request about event source mappings: POST, PUT or DELETE."""

    async def states(self) -> dict[str, str]:
        """The mappings' states, as ListEventSourceMappings tells them."""

    async def aside(self) -> list[Json]:
        """What lies in the queue."""

    async def objects(self) -> dict[str, Json]:
        """What lies in the bucket."""

    async def throttle(self, *, on: bool) -> None:
        """From now on the function refuses every invocation, or none."""

    def now(self) -> float:
        """The time, as records are stamped with it."""


async def mapped(site: Site, **settings: Any) -> str:
    """A mapping of the site's stream, and its id once records flow (or it is disabled)."""
    asked = {"EventSourceArn": site.stream, "FunctionName": "contract", **SETTINGS, **settings}
    uuid: str = (await site.request("POST", "", asked))["UUID"]
    await settled(site, uuid)
    return uuid


async def settled(site: Site, uuid: str) -> str:
    """Waits until nothing is changing any more, and says the state."""

    async def changing() -> bool:
        return (await site.states())[uuid].endswith("ing")

    await until(changing, wanted=False)
    return (await site.states())[uuid]


def calls(site: Site) -> list[list[int]]:
    """The numbers each call of the function was handed, in order."""
    return [call["n"] for call in noted(site.folder / f"{site.stream.rpartition('/')[2]}.jsonl")]


def events(site: Site) -> list[Json]:
    """The events of those calls."""
    return [call["event"] for call in noted(site.folder / f"{site.stream.rpartition('/')[2]}.jsonl")]


def flat(site: Site) -> list[int]:
    """Every number in the order in which the function saw it."""
    return list(itertools.chain(*calls(site)))


async def until(look: Callable[[], Any | Awaitable[Any]], wanted: Any, seconds: float = 30.0) -> None:
    """Looks until it sees what is wanted, and fails showing what it saw instead."""
    end = asyncio.get_running_loop().time() + seconds
    while (seen := await _looked(look)) != wanted:
        assert asyncio.get_running_loop().time() < end, f"saw {seen}, wanted {wanted}"
        await asyncio.sleep(0.02)


async def _looked(look: Callable[[], Any | Awaitable[Any]]) -> Any:
    seen = look()
    return await seen if isinstance(seen, Awaitable) else seen


def numbered(numbers: Any, **told: Any) -> list[Json]:
    """Records of these numbers, all told the same."""
    return [{"n": number, **told} for number in numbers]


@contextlib.asynccontextmanager
async def driven(driver: EventSources) -> AsyncIterator[EventSources]:
    """The driver running; what it ended with is raised."""
    task = asyncio.create_task(driver.run())
    try:
        yield driver
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
