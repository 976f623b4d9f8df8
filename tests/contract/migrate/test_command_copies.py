"""The commands' copies over real tables: whatever a region accepted is asked of the other one, item by item."""

from dataclasses import dataclass, field

import pytest
from tests.contract.migrate.tables import Tables
from tests.fakes import SOURCE, TARGET

from landbridge.migrate.adapters.command_copies import CommandMarks
from landbridge.migrate.adapters.command_copies import CommandTables as Copies
from landbridge.migrate.adapters.regional import Items, typed
from landbridge.model.command import CommandItem
from landbridge.model.pen import Domain, Epoch, Pen, PenState, fence_of, pen_key
from landbridge.model.region import Region
from landbridge.workloads.trading.command_tables import CommandTables
from landbridge.workloads.trading.ports import Committed

FENCES = 3
NOW = 1_763_000_000.0


@dataclass
class Api:
    """Each region's front: a command reaches the tables as the write function puts it there."""

    stores: dict[Region, CommandTables]
    epoch: Epoch = field(default=Epoch(2))

    def order(self, region: Region, user: str, number: int, key: str) -> None:
        """Accepted, or not: the caller looks."""
        self.stores[region].commit(CommandItem(user, number, key, self.epoch, "{}"), fence_of(user, FENCES), NOW)


@dataclass
class Hand:
    """Copies under test, the tables behind them, and users who order."""

    tables: Tables
    copies: Copies
    api: Api

    def order(self, user: str, number: int, at: float = NOW, region: Region = SOURCE, key: str = "") -> CommandItem:
        """A command that is accepted, under its user and number as the key, or under another one."""
        item = CommandItem(user, number, key or f"{user}-{number}", Epoch(2), '{"kind":"unnote","note":"n"}')
        assert self.api.stores[region].commit(item, fence_of(user, FENCES), at) == Committed(item)
        return item

    def copy(self, *names: str) -> None:
        """These items arrive at the target, each for itself."""
        keys = [(name.split("/")[0], name.split("/", 1)[1]) for name in names]
        for item in self.copies.items.of(SOURCE, keys):
            numbers: dict[str, object] = {name: int(item[name]) for name in ("number", "head", "epoch") if name in item}
            self.tables.put("commands", TARGET, typed({**item, **numbers}))

    def cover(self, *names: str) -> None:
        """Late copies of an epoch before, another command's, arrive at the source over these."""
        for name in names:
            user, under = name.split("/", 1)
            says = {"head": 7} if under == "head" else {"number": 7, "key": "late", "body": "{}"}
            self.tables.put("commands", SOURCE, typed({"user": user, "item": under, "epoch": 1, **says}))


@pytest.fixture
def hand(tables: Tables) -> Hand:
    """Empty tables in both regions, every fence open in epoch 2."""
    pens, commands = (tables.make(kind, SOURCE, TARGET) for kind in ("pens", "commands"))
    for region in (SOURCE, TARGET):
        for fence in range(FENCES):
            pen = {**pen_key(Domain.COMMANDS, fence), **Pen(PenState.OPEN, Epoch(2), 1, 0.0).item()}
            tables.put("pens", region, typed(pen))
    dynamodb = {region: tables.clients.client("dynamodb", region) for region in (SOURCE, TARGET)}
    stores = {region: CommandTables(client, commands=commands, pens=pens, fences=FENCES) for region, client in dynamodb.items()}
    return Hand(tables, Copies(tables.clients, pens, commands, FENCES), Api(stores))


def test_what_was_accepted_is_wanted_by_number_key_and_head(hand: Hand) -> None:
    """Three items a command, one head a user; from the moment asked for, in the epoch asked for."""
    items = [hand.order("ada", 1, NOW - 5), hand.order("ada", 2), hand.order("bob", 1)]
    wanted = hand.copies.accepted(SOURCE, Epoch(2), 0.0)
    assert wanted["ada/command#000000000002"] == wanted["ada/key#ada-2"] == items[1].digest()
    assert wanted["ada/head"] == "head 2 of epoch 2"
    assert len(wanted) == 8
    assert set(hand.copies.accepted(SOURCE, Epoch(2), NOW)) == set(wanted) - {"ada/command#000000000001", "ada/key#ada-1"}
    assert hand.copies.accepted(SOURCE, Epoch(1), 0.0) == hand.copies.accepted(TARGET, Epoch(2), 0.0) == {}


def test_each_item_must_have_arrived_for_itself(hand: Hand) -> None:
    """A command without its head, or its key, is not all of it; a head of another number is another."""
    hand.order("ada", 1)
    hand.copy("ada/command#000000000001", "ada/head")
    hand.order("ada", 2)
    wanted = hand.copies.accepted(SOURCE, Epoch(2), 0.0)
    assert hand.copies.lacking(SOURCE, wanted) == []
    expected = {"ada/key#ada-1", "ada/command#000000000002", "ada/key#ada-2", "ada/head"}
    assert set(hand.copies.lacking(TARGET, wanted)) == expected
    hand.copy(*wanted)
    assert hand.copies.lacking(TARGET, wanted) == []


def test_our_own_commands_are_wanted_of_nobody(hand: Hand) -> None:
    """Marks are left out of every count."""
    hand.order("~canary-x", 1)
    assert hand.copies.accepted(SOURCE, Epoch(2), 0.0) == {}


def test_a_mark_is_put_or_ordered_and_read_back(hand: Hand) -> None:
    """Straight into one region's table, or as a command through its front; the newer turn counts, per mark."""
    marks = CommandMarks(hand.copies, hand.api)  # type: ignore[arg-type]  # the one act of an API it needs
    assert marks.read(SOURCE, "a") == 0
    marks.put(SOURCE, "a", 5)
    marks.send(SOURCE, "a", 7)
    marks.send(SOURCE, "a", 9)
    marks.put(SOURCE, "b", 3)
    assert [marks.read(SOURCE, mark) for mark in "ab"] == [9, 3]
    assert marks.read(TARGET, "a") == 0


def test_a_mark_sent_again_is_accepted_once(hand: Hand) -> None:
    """Its key is its turn."""
    marks = CommandMarks(hand.copies, hand.api)  # type: ignore[arg-type]  # the one act of an API it needs
    marks.send(SOURCE, "a", 7)
    marks.send(SOURCE, "a", 7)
    assert (
        Items(hand.tables.clients, hand.copies.commands, ("user", "item")).of(SOURCE, [("~canary-a", "head")])[0]["head"] == "1"
    )


def test_what_a_lower_epoch_covers_is_put_back_item_by_item(hand: Hand) -> None:
    """Number, key and head each for itself; what nothing covers is left alone, and twice is once."""
    items = [hand.order("ada", 1), hand.order("ada", 2)]
    wanted = hand.copies.accepted(SOURCE, Epoch(2), 0.0)
    assert hand.copies.overwritten(SOURCE, Epoch(2)) == []
    covered = [f"ada/command#{items[0].number:012d}", "ada/head", f"ada/key#{items[1].key}"]
    hand.cover(*covered)
    assert hand.copies.overwritten(SOURCE, Epoch(2)) == covered
    for names in (covered[:1], covered, []):
        hand.copies.restore(SOURCE, Epoch(2), names)
    assert hand.copies.overwritten(SOURCE, Epoch(2)) == hand.copies.lacking(SOURCE, wanted) == []


def test_what_was_ordered_meanwhile_is_not_put_back_over(hand: Hand) -> None:
    """Between the look and the act the user's head has moved on."""
    hand.order("ada", 1)
    hand.cover("ada/head")
    newer = {"user": "ada", "item": "head", "epoch": 2, "head": 8}
    hand.tables.put("commands", SOURCE, typed(newer))
    hand.copies.restore(SOURCE, Epoch(2), ["ada/head"])
    assert hand.copies.items.of(SOURCE, [("ada", "head")])[0]["head"] == "8"


def test_every_command_that_nobody_sees_is_named(hand: Hand) -> None:
    """Never copied; copied without its head, so that its number is given away; or its number holds another one, key or no key."""
    for user in ("gone", "headless", "taken", "~canary"):
        hand.order(user, 1)
    hand.copy("headless/command#000000000001", "headless/key#headless-1")
    hand.order("taken", 1, region=TARGET, key="another")
    hand.copy("taken/key#taken-1")
    named = [f"{user}/command#000000000001" for user in ("gone", "headless", "taken")]
    assert hand.copies.missing(SOURCE, Epoch(2), TARGET) == named


def test_a_command_that_is_there_under_its_key_is_not_lost(hand: Hand) -> None:
    """As it was; or ordered again by its user, under another number."""
    hand.order("as-it-was", 1)
    hand.copy("as-it-was/command#000000000001", "as-it-was/key#as-it-was-1", "as-it-was/head")
    hand.order("again", 1, key="wish")
    hand.order("again", 1, region=TARGET, key="before")
    hand.order("again", 2, region=TARGET, key="wish")
    assert hand.copies.missing(SOURCE, Epoch(2), TARGET) == []
