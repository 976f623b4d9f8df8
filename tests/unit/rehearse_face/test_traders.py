"""Traders notice everything that goes wrong, count it exactly, and do no harm by asking again."""

import asyncio
import socket
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import orjson
import pytest
from tests.unit.rehearse_face.dashboard import HERE
from tests.unit.rehearse_face.trading import NAME, READ, SEED, WRITE, World, traffic

from landbridge.rehearse.traders import crowd as crowd_module
from landbridge.rehearse.traders.crowd import Crowd
from landbridge.rehearse.traders.items import initial_items, trader_names
from landbridge.rehearse.traders.line import once


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    with world.ledger:
        yield world


def test_a_healthy_platform_gives_nothing_to_complain_about(world: World) -> None:
    """Every request is answered at its first try, and every answer is right."""
    world.crowd(lambda: len(world.dashboard.attempts) > 50)
    seen = world.ledger.tally.requests()
    assert (seen.failed, seen.raw_errors, seen.slow, seen.wrong) == (0, 0, 0, 0)
    assert seen.by_region == {HERE: len(world.dashboard.attempts)}
    assert seen.total == len(world.dashboard.attempts) > 50
    assert world.dashboard.viewers <= set(trader_names(world.traffic))


def test_what_the_crowd_wrote_is_what_settles(world: World) -> None:
    """Accepted writes are counted one by one and found in the store; a store that forgot one is named."""
    world.crowd(lambda: len(world.dashboard.attempts) > 50)
    store = world.dashboard.items
    written = {what for method, what in world.dashboard.attempts if method == "PUT"}
    settled = world.ledger.settle({HERE: store})
    assert (settled.accepted, settled.lost, settled.doubled) == (len(written), (), ())
    newest = next(item for item in store.values() if item.write_id in written)
    poorer = world.ledger.settle({HERE: {key: item for key, item in store.items() if key != newest.key}})
    assert any(newest.write_id in sentence for sentence in poorer.lost)


@pytest.mark.parametrize("fault", ["error", "stored error", "lost", "nobody", "garbage", "list", "busy", "repeat"])
def test_a_stumble_is_counted_and_the_write_is_repeated_under_its_own_id(world: World, fault: str) -> None:
    """However an attempt breaks, it is one raw error, and the same write is accepted once in the end."""
    world.turns(WRITE, faults=fault)
    raw_errors = 0 if fault == "repeat" else 1
    assert world.counts() == (1, 0, raw_errors, 0)
    assert len(world.dashboard.attempts) == 1 + raw_errors
    assert len({write_id for _, write_id in world.dashboard.attempts}) == 1
    assert world.ledger.settle({HERE: world.dashboard.items}).accepted == 1


def test_a_crowd_on_a_shaky_platform_counts_every_raw_error(world: World) -> None:
    """Raw errors are exactly those the platform made; nothing fails, nothing is lost or doubled, nothing looks wrong."""
    faults = ["error", "stored error", "lost", "busy"] * 10
    world.dashboard.faults = deque(fault for broken in faults for fault in (broken, "", ""))
    world.crowd(lambda: not world.dashboard.faults)
    total, failed, raw_errors, wrong = world.counts()
    assert not world.dashboard.faults
    assert (failed, raw_errors, wrong) == (0, len(faults), 0)
    assert len(world.dashboard.attempts) == total + len(faults)
    settled = world.ledger.settle({HERE: world.dashboard.items})
    assert (settled.lost, settled.doubled) == ((), ())


def test_a_busy_platform_is_given_the_time_it_asks_for(world: World) -> None:
    """Retry-After is added to the trader's own jitter."""
    world.turns(READ, faults="busy")
    assert all(nap > 1 for nap in world.naps)
    assert world.naps


def test_retries_wait_longer_each_time_but_not_for_ever(world: World) -> None:
    """The pause grows with every failed attempt up to its bound."""
    world.turns(READ, faults=", ".join(["error"] * 9))
    assert world.naps[0] < 0.25 < world.naps[4] < 5.1
    assert max(world.naps) <= 5


def test_a_request_nobody_answers_fails_and_its_key_goes_silent(world: World) -> None:
    """After its patience a write is failed, its outcome unknown, and no later version of its key is ever sent."""
    world.traffic = traffic(retry_seconds=0.2)
    world.turns(*[WRITE] * 6, faults="silent, silent, silent, silent")
    assert world.counts()[:3] == (6, 4, 4)
    assert [method for method, _ in world.dashboard.attempts] == ["PUT"] * 4 + ["GET"] * 2
    assert world.ledger.settle({HERE: world.dashboard.items}).lost == ()
    assert "no answer in time" in str(world.lines("failed")[0]["why"])


def test_no_connection_is_an_error_like_any_other(world: World) -> None:
    """A closed port is counted, repeated and given up in the end."""
    world.traffic = traffic(retry_seconds=0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

    async def turn() -> None:
        async with aiohttp.ClientSession(middlewares=(once,)) as session:
            await world.trader().turn(world.line(session, url), 0.0, wants_to_write=False)

    asyncio.run(turn())
    assert world.counts()[:2] == (1, 1)
    assert set(world.ledger.tally.requests().errors) == {"no connection"}


def test_a_request_called_bad_is_not_repeated(world: World) -> None:
    """400 means that asking again can't help: one raw error, one failure."""
    world.turns(WRITE, READ, faults="bad, bad")
    assert world.counts() == (2, 2, 2, 0)


@pytest.mark.parametrize("fault", ["stale", "forged", "stranger", "missing"])
def test_a_wrong_answer_to_a_reader_is_noticed(world: World, fault: str) -> None:
    """An older version, another value, an unknown write or a denied view: each is one wrong answer."""
    world.turns(READ, READ, READ, READ, faults=f"{fault}, {fault}, {fault}, {fault}")
    read = [request for request in world.lines("asked") if (request["key"][0], request["key"][1]) in world.dashboard.items]
    assert world.counts() == (4, 0, 0, len(read))
    assert read


def test_an_honest_but_older_version_is_wrong_for_its_own_writer(world: World) -> None:
    """Read-your-writes: whoever had a write accepted is never shown the version before it."""
    world.turns(*[WRITE] * 12, *[READ] * 12, faults=", ".join(["fine"] * 12 + ["older"] * 12))
    reads = [request for request in world.lines("asked") if request["method"] == "GET"]
    fooled = [request for request in reads if (request["key"][0], request["key"][1]) in world.dashboard.older]
    assert world.counts()[3] == len(fooled) > 0


def test_an_older_version_that_says_so_is_a_raw_error_and_not_wrong(world: World) -> None:
    """A region cut off from the other shows what it has; the reader goes on wanting what was seen before."""
    world.turns(*[WRITE] * 12, *[READ] * 12, faults=", ".join(["fine"] * 12 + ["older and told"] * 12))
    reads = [request for request in world.lines("asked") if request["method"] == "GET"]
    shown = [request for request in reads if (request["key"][0], request["key"][1]) in world.dashboard.items]
    assert world.counts() == (24, 0, len(shown), 0)
    assert shown


@pytest.mark.parametrize("fault", ["conflict", "mute conflict", "other write"])
def test_a_write_answered_for_another_is_wrong_and_its_key_goes_silent(world: World, fault: str) -> None:
    """A refusal nobody can explain is recorded as wrong, and the trader touches that view no more."""
    world.turns(*[WRITE] * 5, faults=", ".join([fault] * 4))
    assert world.counts() == (5, 0, 0, 4)
    assert [method for method, _ in world.dashboard.attempts] == ["PUT"] * 4 + ["GET"]
    assert world.ledger.settle({}).accepted == 0


def test_a_reader_says_what_it_has_seen(world: World) -> None:
    """The newest version shown or accepted travels with every later read of that view."""
    world.turns(*[WRITE] * 12, *[READ] * 12)
    asked = world.lines("asked")
    own = [at for at, request in enumerate(asked) if request["method"] == "GET" and request["key"][0] == NAME]
    versions: dict[tuple[str, ...], str] = {tuple(r["key"]): str(r["write"]["version"]) for r in asked if r["write"]}
    told = {at: world.dashboard.seen_headers[at] for at in own}
    assert told == {at: versions.get(tuple(asked[at]["key"])) for at in own}
    assert set(told.values()) - {None, "1"}


def test_a_view_that_was_never_written_may_be_missing(world: World) -> None:
    """404 is right for a view nobody wrote."""
    world.turns(*[READ] * 20)
    assert 404 in {line["status"] for line in world.lines("answered")}
    assert world.counts()[3] == 0


def test_overload_shows_as_slow_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one request at a time, what came due waits, and the waiting counts as the platform's."""
    monkeypatch.setattr(crowd_module, "OPEN_AT_LEAST", 1)
    monkeypatch.setattr(crowd_module, "OPEN_SECONDS", 0)
    monkeypatch.setattr(world.ledger.tally, "_slow_seconds", 0.2)
    world.traffic = traffic(rate=500, retry_seconds=0.4)
    world.dashboard.faults = deque(["silent"])
    world.crowd(lambda: world.ledger.tally.requests().slow > 10)
    assert world.counts()[1] == 1
    assert world.ledger.tally.requests().slow > 10


def test_a_cancelled_crowd_leaves_quietly(world: World) -> None:
    """Ctrl-C ends every open request at once and closes every connection."""
    world.dashboard.faults = deque(["silent"] * 50)

    async def interrupted() -> None:
        async with world.dashboard.served() as url:
            crowd = Crowd(url, world.ledger, world.traffic, SEED, clock=world.clock, sleep=world.nap, commanders=())
            trading = asyncio.create_task(crowd.run(asyncio.Event()))
            await asyncio.sleep(0.2)
            trading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await trading

    asyncio.run(interrupted())
    assert world.counts()[1] == 0


def test_the_ledger_on_disk_is_complete_at_every_moment(world: World) -> None:
    """What was counted stands in the file before anything is closed."""
    world.turns(WRITE, READ, faults="error")
    whats = [orjson.loads(line)["what"] for line in world.file.read_bytes().splitlines()]
    assert whats == ["loaded", "asked", "stumbled", "answered", "accepted", "asked", "answered"]


def test_the_same_seed_makes_the_same_items() -> None:
    """Exactly as many items as asked for, none twice, some of them traders', equal for equal seeds only."""
    items = list(initial_items(traffic(items=100), 1))
    assert items == list(initial_items(traffic(items=100), 1)) != list(initial_items(traffic(items=100), 2))
    assert len({item.key for item in items}) == len({item.write_id for item in items}) == 100
    users = {item.user for item in items}
    assert users > set(trader_names(traffic()))
    assert list(initial_items(traffic(items=3), 1)) == items[:3]
