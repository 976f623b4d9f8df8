"""Commands on real tables: numbers in order, keys once, and nothing past a closed fence."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from boto3.dynamodb.types import TypeSerializer
from tests.contract.platform.emulators import SOURCE, Environments

from landbridge.aws.clients import Clients
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.model.command import CommandItem
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.rehearse.command_book import command_copy
from landbridge.workloads.trading.command_tables import CommandCopyTable, CommandTables
from landbridge.workloads.trading.commands import Expected, Known
from landbridge.workloads.trading.ports import Closed, Committed

SUFFIX = "commands"
COMMANDS, PENS = f"trading-analytics-commands-{SUFFIX}", f"trading-analytics-pens-{SUFFIX}"


@pytest.fixture(scope="module")
def deployed(environments: Environments, manifest: Manifest, patience: Patience) -> Iterator[Deployer]:
    """The source's own tables."""
    tables = replace(manifest, stacks=tuple(manifest.stack(name) for name in ("keys", "tables", "pens")))
    deployer = environments.deployer(SUFFIX, tables)
    deploy(deployer, SOURCE, patience)
    yield deployer
    destroy(deployer, SOURCE, patience)


@pytest.fixture
def tables(deployed: Deployer, clients: Clients) -> CommandTables:
    """The tables behind the port, with one fence, open in epoch 2, and nothing in them."""
    dynamodb = clients.client("dynamodb", SOURCE)
    for name, keys in ((COMMANDS, ("user", "item")), (PENS, ("pk", "sk"))):
        for item in dynamodb.scan(TableName=name)["Items"]:
            dynamodb.delete_item(TableName=name, Key={key: item[key] for key in keys})
    _put(clients, PENS, {**pen_key(Domain.COMMANDS, 0), **Pen(PenState.OPEN, Epoch(2), 1, 0.0).item()})
    return CommandTables(dynamodb, commands=COMMANDS, pens=PENS, fences=1)


def _put(clients: Clients, table: str, item: dict[str, object]) -> None:
    wire = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    clients.client("dynamodb", SOURCE).put_item(TableName=table, Item=wire)


def _item(number: int, key: str = "", epoch: int = 2) -> CommandItem:
    return CommandItem("ada", number, key or f"key-{number}", Epoch(epoch), '{"kind":"unnote","note":"n"}')


def _left_behind(clients: Clients, item: CommandItem) -> None:
    """A command copied from the other side, whose head never came."""
    for under in (f"command#{item.number:012d}", f"key#{item.key}"):
        _put(clients, COMMANDS, {**item.item(), "item": under})


def test_commands_are_accepted_in_their_order(tables: CommandTables, clients: Clients) -> None:
    """Each once, the head moves along, and the worker's copy shows them."""
    assert [tables.commit(_item(number), 0, 1.0) for number in (1, 2)] == [Committed(_item(1)), Committed(_item(2))]
    assert tables.head("ada", consistent=True) == (2, Epoch(2))
    copy = CommandCopyTable(clients.client("dynamodb", SOURCE), COMMANDS)
    assert (copy.heads(), copy.command("ada", 2), copy.command("ada", 3)) == ({"ada": 2}, _item(2), None)
    assert CommandCopyTable(clients.client("dynamodb", SOURCE), COMMANDS, ["ada", "bob", "~ours"]).heads() == {"ada": 2}


def test_the_rehearsal_reads_what_was_accepted(tables: CommandTables, clients: Clients) -> None:
    """Each command once, though it lies there three times."""
    for number in (1, 2):
        tables.commit(_item(number), 0, 1.0)
    assert command_copy(clients, SOURCE, COMMANDS) == {("ada", number): _item(number) for number in (1, 2)}


def test_a_gap_is_told_the_number_that_comes_next(tables: CommandTables) -> None:
    """Too high and too low alike; nothing is written."""
    tables.commit(_item(1), 0, 1.0)
    assert tables.commit(_item(3), 0, 1.0) == Expected(2, Epoch(2))
    assert tables.commit(_item(1, "other"), 0, 1.0) == Expected(2, Epoch(2))
    assert tables.command("ada", 3) is None


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_known_key_returns_its_first_answer(tables: CommandTables, number: int) -> None:
    """Under whatever number it comes again."""
    tables.commit(_item(1, "same"), 0, 1.0)
    assert tables.commit(_item(number, "same"), 0, 2.0) == Known(_item(1, "same"))


def test_a_closed_fence_is_told_before_everything(tables: CommandTables, clients: Clients) -> None:
    """Even to a key that is known."""
    tables.commit(_item(1), 0, 1.0)
    _put(clients, PENS, {**pen_key(Domain.COMMANDS, 0), **Pen(PenState.CLOSED, Epoch(2), 2, 0.0).item()})
    assert tables.commit(_item(1), 0, 1.0) == Closed()
    assert tables.commit(_item(2), 0, 1.0) == Closed()


def test_what_a_lost_pen_left_beyond_the_head_gives_way(tables: CommandTables, clients: Clients) -> None:
    """Its number and its key are free again for a newer epoch."""
    tables.commit(_item(1), 0, 1.0)
    _left_behind(clients, _item(2, "left", epoch=1))
    assert tables.commit(_item(4, "left"), 0, 1.0) == Expected(2, Epoch(2))
    assert tables.commit(_item(2, "left"), 0, 1.0) == Committed(_item(2, "left"))
    assert tables.command("ada", 2, consistent=True) == _item(2, "left")


def test_a_newer_epoch_is_never_overwritten(tables: CommandTables, clients: Clients) -> None:
    """A head or a number of a newer epoch means that this side has lost its pen."""
    _left_behind(clients, _item(1, "newer", epoch=3))
    assert tables.commit(_item(1), 0, 1.0) == Expected(1, Epoch(3))
    _put(clients, COMMANDS, {"user": "ada", "item": "head", "head": 1, "epoch": 3})
    assert tables.commit(_item(2), 0, 1.0) == Expected(2, Epoch(3))


def test_every_acceptance_leaves_its_receipt(tables: CommandTables, clients: Clients) -> None:
    """In the region's own table, with the digest of the whole command."""
    tables.commit(_item(1), 0, 12.5)
    (kept,) = [item for item in clients.client("dynamodb", SOURCE).scan(TableName=PENS)["Items"] if "digest" in item]
    assert kept["pk"]["S"] == "receipt#commands#000002#000"
    assert kept["digest"]["S"] == _item(1).digest()
