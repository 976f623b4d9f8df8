"""Ctrl-C while the edge opens its port: the port is closed again."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.contract.world.test_world import listening
from tests.contract.world.worlds import world

from landbridge.rehearse.emulator.listen import Handler, listen
from landbridge.rehearse.fabric import edge


def test_a_start_that_is_cancelled_at_the_edge_closes_its_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last moment of a start, when everything else stands."""
    opened = list[int]()

    async def interrupted(stack: AsyncExitStack, handler: Handler) -> int:
        opened.append(await listen(stack, handler))
        current = asyncio.current_task()
        assert current
        current.cancel()
        await asyncio.sleep(0)
        return opened[0]

    monkeypatch.setattr(edge, "listen", interrupted)

    async def run() -> None:
        with pytest.raises(asyncio.CancelledError):
            await world(tmp_path).__aenter__()
        assert not any(map(listening, opened))

    asyncio.run(run())
    assert len(opened) == 1
