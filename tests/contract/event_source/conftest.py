"""Each case is held twice: in memory, and on the emulator."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from tests.contract.event_source.emulator_site import EmulatorRegion, EmulatorSite
from tests.contract.event_source.fake_site import FakeSite
from tests.contract.event_source.sites import Hold, driven
from tests.contract.event_source.virtual import run as at_once


@pytest.fixture(scope="session", name="emulated")
def _emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, EmulatorRegion]]:
    """One emulator for every case; it lives on the runner's loop, and stands still between them."""
    region = EmulatorRegion(tmp_path_factory.mktemp("event-source"))
    with asyncio.Runner() as runner:
        runner.run(region.start())
        yield runner, region
        runner.run(region.stop())


@pytest.fixture
def in_memory(tmp_path: Path) -> Hold:
    """Holds a case on fakes, in no time."""

    def hold(case: Callable[[FakeSite], Awaitable[None]], shards: int = 1) -> None:
        async def held() -> None:
            site = FakeSite(tmp_path, shards)
            async with driven(site.driver):
                await case(site)

        at_once(held())

    return hold


@pytest.fixture
def emulator(emulated: tuple[asyncio.Runner, EmulatorRegion]) -> Hold:
    """Holds a case on the emulator."""
    runner, region = emulated

    def hold(case: Callable[[EmulatorSite], Awaitable[None]], shards: int = 1) -> None:
        async def held() -> None:
            async with EmulatorSite.opened(region, shards) as site:
                await case(site)

        runner.run(held())

    return hold


@pytest.fixture(params=["in_memory", "emulator"])
def hold(request: pytest.FixtureRequest) -> Hold:
    """Holds one of the main cases at either site."""
    held: Hold = request.getfixturevalue(request.param)
    return held


@pytest.fixture(params=["in_memory", pytest.param("emulator", marks=pytest.mark.slow)])
def hold_detail(request: pytest.FixtureRequest) -> Hold:
    """Holds a case in memory, and on the emulator when there is time."""
    held: Hold = request.getfixturevalue(request.param)
    return held
