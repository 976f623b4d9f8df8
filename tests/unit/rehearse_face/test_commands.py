"""Users who order: one command after the other, each accepted once, whatever breaks; and a book that names what went wrong."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import aiohttp
import pytest
from tests.unit.rehearse_face.dashboard import HERE
from tests.unit.rehearse_face.desk import Desk
from tests.unit.rehearse_face.trading import SEED, World
from tests.unit.rehearse_world.servers import until

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from landbridge.rehearse.command_book import CommandBook, Sent
from landbridge.rehearse.effects_book import Done, EffectsVerdict, settle_effects
from landbridge.rehearse.traders.commands import Commander, commanders, wish
from landbridge.rehearse.traders.crowd import Crowd
from landbridge.rehearse.traders.line import once
from landbridge.workloads.trading.orders import order

USER = "trader-0000"
KNOWS, LOOKS = 1, 0  # seeds: of a user who believes to be new, and of one who looks first


class Market:
    """A desk, a book, and users."""

    def __init__(self, world: World) -> None:
        self.world, self.desk, self.book = world, Desk(), CommandBook(world.ledger)

    def commander(self, seed: int, user: str = USER) -> Commander:
        """One user."""
        return Commander(user, self.world.ledger, self.book, Random(seed))

    def turns(self, times: int, *, seed: int, faults: str = "") -> None:
        """One user's turns, one after the other, each fault striking one request."""
        self.desk.faults = deque(fault for fault in faults.split(", ") if fault)
        asyncio.run(self._turns(times, self.commander(seed)))

    async def _turns(self, times: int, commander: Commander) -> None:
        async with self.desk.served() as url, aiohttp.ClientSession(middlewares=(once,)) as session:
            for _ in range(times):
                await commander.turn(self.world.line(session, url), self.world.clock())

    def numbers(self) -> list[int]:
        """Which numbers were accepted, in the order of their acceptance."""
        return [number for _, number in self.desk.orders]

    def is_settled(self) -> bool:
        """Whether the book finds nothing wrong with what the desk holds."""
        verdict = self.book.settle({HERE: self.desk.orders})
        return (verdict.lost, verdict.doubled) == ((), ()) and self.effects() == EffectsVerdict((), (), (), ())

    def effects(self) -> EffectsVerdict:
        """What the book finds of what the desk has done, one second after the other."""
        orders = sorted(self.desk.effects.items())
        sent = [Sent(user, number, key, self.desk.orders[user, number].body) for (user, number), key in orders]
        done = [Done(each, at) for at, each in enumerate(sent)]
        return settle_effects(self.book.every, self.book.promised, {HERE: done})


@pytest.fixture(name="market")
def _market(tmp_path: Path) -> Iterator[Market]:
    world = World(tmp_path)
    with world.ledger:
        yield Market(world)


def test_commands_are_numbered_one_after_the_other(market: Market) -> None:
    """From 1, each accepted at its first try."""
    market.turns(4, seed=KNOWS)
    assert market.numbers() == [1, 2, 3, 4]
    assert market.world.counts() == (4, 0, 0, 0)
    assert market.is_settled()


def test_who_looks_first_goes_on_where_the_numbers_are(market: Market) -> None:
    """Somebody else's device has ordered three times."""
    market.desk.heads[USER] = 3
    market.turns(3, seed=LOOKS)
    assert [method for method, _ in market.desk.attempts] == ["GET", "PUT", "PUT"]
    assert market.numbers() == [4, 5]


def test_who_counted_wrong_is_told_and_takes_the_number(market: Market) -> None:
    """Under the same key: it is the same command."""
    market.desk.heads[USER] = 3
    market.turns(2, seed=KNOWS)
    assert len({key for _, key in market.desk.attempts}) == 1
    assert market.numbers() == [4]
    assert market.world.counts() == (2, 0, 0, 0)


@pytest.mark.parametrize("fault", ["error", "stored error", "lost", "nobody", "garbage", "busy"])
def test_a_command_is_repeated_under_its_own_key(market: Market, fault: str) -> None:
    """However an attempt breaks, it is one raw error, and the command is accepted once."""
    market.turns(2, seed=KNOWS, faults=fault)
    assert market.numbers() == [1, 2]
    assert len({key for _, key in market.desk.attempts}) == 2
    assert market.world.counts() == (2, 0, 1, 0)
    assert market.is_settled()


def test_a_command_that_was_given_up_is_the_next_one_again(market: Market) -> None:
    """Nobody knows what became of it, so nothing new is ordered before it is known."""
    market.world.traffic = market.world.traffic.model_copy(update={"retry_seconds": 1.0})
    market.turns(3, seed=KNOWS, faults="stored error, silent")
    assert market.world.counts()[1] == 1
    assert market.numbers() == [1, 2]
    assert market.is_settled()


@pytest.mark.parametrize("fault", ["another", ", low"])
def test_a_wrong_answer_is_noticed(market: Market, fault: str) -> None:
    """Another command's, or a number that is long accepted."""
    market.turns(2, seed=KNOWS, faults=fault.replace(", ", "-, "))
    assert market.world.counts()[3] == 1


def test_a_crowd_orders_beside_what_it_reads_and_writes(market: Market) -> None:
    """On a shaky platform too: every command once and in order of its user."""
    world, desk = market.world, market.desk
    desk.load(world.dashboard.items.values())
    desk.faults = deque(fault for broken in ["error", "stored error", "lost"] * 5 for fault in (broken, "", ""))
    ordering = commanders(world.ledger, market.book, world.traffic, SEED)

    async def trade() -> None:
        async with desk.served() as url:
            over = asyncio.Event()
            crowd = Crowd(
                url,
                world.ledger,
                world.traffic,
                SEED,
                clock=world.clock,
                sleep=world.nap,
                commanders=ordering,
            )
            trading = asyncio.create_task(crowd.run(over))
            await until(lambda: len(desk.orders) > 10 and not desk.faults)
            over.set()
            await trading

    asyncio.run(trade())
    assert len(desk.orders) > 10
    assert world.counts()[1] == world.counts()[3] == 0
    assert market.is_settled()


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_wished_for_can_be_ordered(seed: int) -> None:
    """No wish is refused at the door."""
    assert order(wish(Random(seed)))


ITEM = CommandItem(USER, 1, "k1", Epoch(1), order({"kind": "unnote", "note": "cars"}))
DONE = Done(Sent(ITEM.user, ITEM.number, ITEM.key, ITEM.body), 1.0)
THERE = Region("eu-central-1")


@pytest.fixture(name="book")
def _book(market: Market) -> CommandBook:
    """One command, sent and accepted."""
    sent = Sent(ITEM.user, ITEM.number, ITEM.key, ITEM.body)
    market.book.sent(sent)
    market.book.accepted(sent)
    return market.book


def test_what_is_lost_is_named(book: CommandBook) -> None:
    """In a region, and in the database."""
    assert book.settle({HERE: {}}).lost == (f"command 1 of {USER} (k1) was accepted, and {HERE} has none there",)
    said = settle_effects(book.every, book.promised, {HERE: [], THERE: [DONE]})
    assert said.lost == (f"command 1 of {USER} (k1) was accepted, and {HERE}'s database applied none there",)
    assert (said.doubled, said.disordered, said.invented) == ((), (), ())


def test_what_is_changed_is_lost(book: CommandBook) -> None:
    """Its number and key alone are not the command."""
    changed = replace(ITEM, body=order({"kind": "unnote", "note": "tech"}))
    assert len(book.settle({HERE: {(USER, 1): changed}}).lost) == 1


def test_what_is_there_twice_or_was_never_sent_is_named(book: CommandBook) -> None:
    """A key under two numbers, and an effect of nothing."""
    assert book.settle({HERE: {(USER, 1): ITEM, (USER, 2): replace(ITEM, number=2)}}).doubled == (
        f"command 2 of {USER} (k1) is in {HERE} and was never sent",
        f"k1 of {USER} is in {HERE} as 1 and as 2",
    )
    twice = Done(replace(DONE.sent, number=2), 2.0)
    said = settle_effects(book.every, book.promised, {HERE: [DONE, twice]})
    assert said.doubled == (f"k1 of {USER} was applied in {HERE} as 1 and as 2",)
    assert said.invented == (f"command 2 of {USER} (k1) was applied in {HERE} and never sent",)
    assert (said.lost, said.disordered) == ((), ())


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (Done(Sent(USER, 2, "k2", ""), 0.5), f"command 2 of {USER} was applied in {HERE} before number 1 was"),
        (Done(Sent(USER, 3, "k3", ""), 2.0), f"command 3 of {USER} was applied in {HERE} before number 2 was"),
        (Done(Sent("zoe", 2, "k2", ""), 2.0), f"command 2 of zoe was applied in {HERE} before number 1 was"),
    ],
    ids=["earlier", "a number is missing", "the first is missing"],
)
def test_what_took_effect_out_of_turn_is_named(second: Done, sentence: str) -> None:
    """By its own time, and by the numbers before it."""
    assert settle_effects(set(), {}, {HERE: [DONE, second]}).disordered == (sentence,)


def test_an_effect_of_another_order_is_lost(book: CommandBook) -> None:
    """Its number and key alone are not the command."""
    changed = Done(replace(DONE.sent, body=order({"kind": "unnote", "note": "tech"})), 1.0)
    said = settle_effects(book.every, book.promised, {HERE: [changed]})
    assert (len(said.lost), len(said.invented)) == (1, 1)
