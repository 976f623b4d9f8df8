"""Mappings as whoever moves the market has them: found by what they join, begun anew from a moment, stopped, taken away.

The fake that plans are tested with keeps the same promises where nothing is read.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.contract.event_source.emulator_site import HERE, EmulatorSite
from tests.contract.event_source.sites import Hold, flat, mapped, numbered, until
from tests.fake_market import FakeMappings

from landbridge.migrate.adapters.mappings import LiveMappings
from landbridge.migrate.market import Mappings
from landbridge.model.market import Stream

LIVE, SETTLED = Stream.LIVE, 2.0
Do = Callable[[Mappings], Any]


class Mover:
    """The adapter over one site, each call in a thread of its own and again until it is so."""

    def __init__(self, site: EmulatorSite) -> None:
        names = {Stream.LIVE: site.stream, Stream.MIRROR: f"{site.stream}-mirror"}
        self.port = LiveMappings(
            site.region.clients, "contract", lambda stream, _: names[stream], lambda _: site.bucket, lambda _: {"Region": HERE}
        )

    async def turn(self, stream: Stream = LIVE) -> int | None:
        """Under which it reads."""
        return await asyncio.to_thread(self.port.made_under, HERE, stream)

    async def start(self, since: float, turn: int) -> None:
        """As a step does: again at each look."""

        async def begun() -> bool:
            await asyncio.to_thread(self.port.start, HERE, LIVE, since, turn)
            return (await self.turn() or 0) >= turn

        await until(begun, wanted=True)

    async def stop(self) -> None:
        """Likewise."""

        async def stopped() -> bool:
            await asyncio.to_thread(self.port.stop, HERE, LIVE)
            return await self.turn() is None

        await until(stopped, wanted=True)


def test_it_reads_from_a_moment_on(emulator: Hold) -> None:
    """What came before it is not read; as the template's mapping is set, with the platform's tags and the turn."""

    async def case(site: EmulatorSite) -> None:
        mover = Mover(site)
        await site.put({"n": 0})
        await asyncio.sleep(SETTLED)
        since = site.now()
        await site.put(*numbered(range(1, 101)))
        assert await mover.turn() is None
        await mover.start(since, 5)
        await until(lambda: flat(site), list(range(1, 101)))
        assert (await mover.turn(), await mover.turn(Stream.MIRROR)) == (5, None)
        (told,) = (await site.region.call("lambda", "list_event_source_mappings", EventSourceArn=site.stream))[
            "EventSourceMappings"
        ]
        assert (told["BatchSize"], told["ParallelizationFactor"], told["MaximumRetryAttempts"]) == (100, 5, 3)
        assert told["DestinationConfig"] == {"OnFailure": {"Destination": site.bucket}}
        tags = (await site.region.call("lambda", "list_tags", Resource=told["EventSourceMappingArn"]))["Tags"]
        assert tags == {"Region": HERE, "landbridge:turn": "5"}

    emulator(case)


def test_a_reading_of_this_turn_goes_on_and_of_an_older_one_is_begun_anew(emulator: Hold) -> None:
    """Stopped and started under its turn it keeps its place; under a later turn all of it is read again."""

    async def case(site: EmulatorSite) -> None:
        mover, batch = Mover(site), list(range(100))
        await site.put(*numbered(batch))
        await mover.start(0.0, 5)
        await until(lambda: flat(site), batch)
        before = await site.states()
        await mover.stop()
        await mover.start(0.0, 5)
        assert (await site.states()).keys() == before.keys()
        await mover.start(0.0, 4)
        assert await mover.turn() == 5
        await mover.start(0.0, 7)
        assert not (await site.states()).keys() & before.keys()
        await until(lambda: flat(site), batch * 2)

    emulator(case)


def test_a_strangers_mapping_is_found_and_begun_anew(emulator: Hold) -> None:
    """A template's, which has no turn."""

    async def case(site: EmulatorSite) -> None:
        mover, stranger = Mover(site), await mapped(site)
        assert await mover.turn() == 0
        await mover.start(0.0, 1)
        assert stranger not in await site.states()
        assert await mover.turn() == 1

    emulator(case)


def test_what_is_taken_away_is_gone(emulator: Hold) -> None:
    """However often; a function nobody has reads nothing."""

    async def case(site: EmulatorSite) -> None:
        mover = Mover(site)
        await mover.start(0.0, 5)
        for _ in range(2):
            await asyncio.to_thread(mover.port.forget, HERE)
        assert (await site.states(), await mover.turn()) == ({}, None)
        nobody = LiveMappings(site.region.clients, "nobody", mover.port.stream, mover.port.aside, mover.port.tags)
        assert await asyncio.to_thread(nobody.made_under, HERE, LIVE) is None

    emulator(case)


@pytest.mark.parametrize("turns", [(5, 5), (5, 4), (5, 7)])
def test_the_fake_keeps_the_turn_it_was_begun_under(turns: tuple[int, int]) -> None:
    """The newest of those it was told, stopped in between or not; an older reading is taken away by an act of its own."""
    fake = FakeMappings(reading={})
    fake.start(HERE, LIVE, 1.0, turns[0])
    fake.stop(HERE, LIVE)
    assert fake.made_under(HERE, LIVE) is None
    fake.start(HERE, LIVE, 2.0, turns[1])
    assert fake.made_under(HERE, LIVE) == (None if turns[1] > turns[0] else turns[0])
    fake.start(HERE, LIVE, 2.0, turns[1])
    assert fake.made_under(HERE, LIVE) == max(turns)
