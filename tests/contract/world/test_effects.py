"""A command accepted by a deployed API takes effect once in PostgreSQL, by the deployed worker, wherever the writer is."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from tests.contract.world.commands_and_effects import CommandsAndEffects, eventually
from tests.contract.world.worlds import S, T, specs

from landbridge.model.pen import Domain, Epoch
from landbridge.rehearse.world import World

EFFECTS = Domain.EFFECTS


@pytest.mark.slow
def test_commands_take_effect_once_wherever_the_database_is_written_to(tmp_path: Path) -> None:
    """By the clock, when no hint was of use; seen in the other region's copy; after a switchover by that region's worker."""

    def use(ground: CommandsAndEffects) -> None:
        ground.deploy(S)
        pens = ground.pens
        pens.open(S, Domain.COMMANDS, Epoch(1), 1)
        for number in (1, 2, 3):
            ground.order("ada", number)  # each hint comes to nothing: nobody holds the effects' pen yet
        pens.open(S, EFFECTS, Epoch(1), 2)
        first = [("ada", 1), ("ada", 2), ("ada", 3)]
        eventually(lambda: ground.applied(S) == first)
        ground.deploy(T)
        eventually(lambda: ground.applied(T) == first)
        ground.commands.start()
        ground.secret.start()
        eventually(lambda: ground.secret.lag() == timedelta(0))
        worked = ground.rounds(T)
        eventually(lambda: ground.rounds(T) > worked + 3, seconds=60.0)  # the emulator's own clock would have struck once
        assert ground.applied(S) == first
        pens.close(S, EFFECTS, 3)
        ground.writer.switch(T)
        eventually(lambda: ground.writer.writer() == T)
        pens.open(T, EFFECTS, Epoch(2), 4)
        ground.order("ada", 4)
        eventually(lambda: ground.applied(T) == [*first, ("ada", 4)])
        eventually(lambda: ground.applied(S) == [*first, ("ada", 4)])

    async def run() -> None:
        trading, rehearsal = specs()
        async with World(trading, rehearsal, tmp_path) as made:
            await asyncio.to_thread(use, CommandsAndEffects.of(made.clients, trading))

    asyncio.run(run())
