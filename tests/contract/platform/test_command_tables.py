"""Commands on real tables: numbers in order, keys once, and nothing past a closed fence."""

import pytest
from tests.contract.platform.emulators import SOURCE
from tests.contract.platform.tables import COMMANDS, PENS, Tables

from landbridge.model.command import CommandItem
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.rehearse.command_book import command_copy
from landbridge.workloads.trading.command_tables import CommandCopyTable, CommandTables
from landbridge.workloads.trading.commands import Expected, Known
from landbridge.workloads.trading.ports import Closed, Committed

FENCE = pen_key(Domain.COMMANDS, 0)


@pytest.fixture
def commands(tables: Tables) -> CommandTables:
    """The tables behind the port, with one fence, open in epoch 2, and nothing in them."""
    tables.pen(FENCE, Pen(PenState.OPEN, Epoch(2), 1, 0.0))
    return CommandTables(tables.dynamodb, commands=COMMANDS, pens=PENS, fences=1)


def _item(number: int, key: str = "", epoch: int = 2) -> CommandItem:
    return CommandItem("ada", number, key or f"key-{number}", Epoch(epoch), '{"kind":"unnote","note":"n"}')


def _left_behind(tables: Tables, item: CommandItem) -> None:
    """A command copied from the other side, whose head never came."""
    for under in (f"command#{item.number:012d}", f"key#{item.key}"):
        tables.put(COMMANDS, {**item.item(), "item": under})


def test_commands_are_accepted_in_their_order(commands: CommandTables, tables: Tables) -> None:
    """Each once, the head moves along, and the worker's copy shows them."""
    assert [commands.commit(_item(number), 0, 1.0) for number in (1, 2)] == [Committed(_item(1)), Committed(_item(2))]
    assert commands.head("ada", consistent=True) == (2, Epoch(2))
    copy = CommandCopyTable(tables.dynamodb, COMMANDS)
    assert (copy.heads(), copy.command("ada", 2), copy.command("ada", 3)) == ({"ada": 2}, _item(2), None)
    assert CommandCopyTable(tables.dynamodb, COMMANDS, ["ada", "bob"]).heads() == {"ada": 2}


def test_the_rehearsal_reads_what_was_accepted(commands: CommandTables, tables: Tables) -> None:
    """Each command once, though it lies there three times."""
    for number in (1, 2):
        commands.commit(_item(number), 0, 1.0)
    assert command_copy(tables.clients, SOURCE, COMMANDS) == {("ada", number): _item(number) for number in (1, 2)}


def test_a_gap_is_told_the_number_that_comes_next(commands: CommandTables) -> None:
    """Too high and too low alike; nothing is written."""
    commands.commit(_item(1), 0, 1.0)
    assert commands.commit(_item(3), 0, 1.0) == Expected(2, Epoch(2))
    assert commands.commit(_item(1, "other"), 0, 1.0) == Expected(2, Epoch(2))
    assert commands.command("ada", 3) is None


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_known_key_returns_its_first_answer(commands: CommandTables, number: int) -> None:
    """Under whatever number it comes again."""
    commands.commit(_item(1, "same"), 0, 1.0)
    assert commands.commit(_item(number, "same"), 0, 2.0) == Known(_item(1, "same"))


def test_a_closed_fence_is_told_before_everything(commands: CommandTables, tables: Tables) -> None:
    """Even to a key that is known."""
    commands.commit(_item(1), 0, 1.0)
    tables.pen(FENCE, Pen(PenState.CLOSED, Epoch(2), 2, 0.0))
    assert commands.commit(_item(1), 0, 1.0) == Closed()
    assert commands.commit(_item(2), 0, 1.0) == Closed()


def test_what_a_lost_pen_left_beyond_the_head_gives_way(commands: CommandTables, tables: Tables) -> None:
    """Its number and its key are free again for a newer epoch."""
    commands.commit(_item(1), 0, 1.0)
    _left_behind(tables, _item(2, "left", epoch=1))
    assert commands.commit(_item(4, "left"), 0, 1.0) == Expected(2, Epoch(2))
    assert commands.commit(_item(2, "left"), 0, 1.0) == Committed(_item(2, "left"))
    assert commands.command("ada", 2, consistent=True) == _item(2, "left")


def test_a_newer_epoch_is_never_overwritten(commands: CommandTables, tables: Tables) -> None:
    """A head or a number of a newer epoch means that this side has lost its pen."""
    _left_behind(tables, _item(1, "newer", epoch=3))
    assert commands.commit(_item(1), 0, 1.0) == Expected(1, Epoch(3))
    tables.put(COMMANDS, {"user": "ada", "item": "head", "head": 1, "epoch": 3})
    assert commands.commit(_item(2), 0, 1.0) == Expected(2, Epoch(3))


def test_every_acceptance_leaves_its_receipt(commands: CommandTables, tables: Tables) -> None:
    """In the region's own table, with the digest of the whole command."""
    commands.commit(_item(1), 0, 12.5)
    (kept,) = [item for item in tables.items(PENS) if "digest" in item]
    assert kept["pk"]["S"] == "receipt#commands#000002#000"
    assert kept["digest"]["S"] == _item(1).digest()
