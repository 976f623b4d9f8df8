"""A store that can't be compared to its end is one sentence with the exit code of the table; what was compared is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from tests.fakes import SOURCE, TARGET, Clock
from tests.unit.cli.test_main import run_verb
from tests.unit.verify import test_inventories, test_listing, test_streams, test_tables
from tests.unit.verify.buckets_world import BucketsWorld
from tests.unit.verify.streams_world import StreamsWorld
from tests.unit.verify.tables_world import TablesWorld

from landbridge.aws.clients import translated
from landbridge.cli import verify
from landbridge.cli.exits import Exit
from landbridge.model.errors import LandbridgeError
from landbridge.model.region import Pair, Region
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.inventories import Inventories
from landbridge.verify.objects.looks import Looks
from landbridge.verify.objects.versions import Rule
from landbridge.verify.results import ResultFiles
from landbridge.verify.settle import Settling

Error = Callable[[Region], LandbridgeError]
DENIED = ClientError(
    {"Error": {"Code": "AccessDeniedException", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Read"
)
WRONG: dict[str, tuple[Error, str]] = {
    "down": (
        lambda region: translated(EndpointConnectionError(endpoint_url="there"), region, "Read"),
        "{0} did not answer (Read: EndpointConnectionError); the next look will tell",
    ),
    "too slow": (
        lambda region: translated(ReadTimeoutError(endpoint_url="there"), region, "Read"),
        "{0} did not answer (Read: ReadTimeoutError); the next look will tell",
    ),
    "not allowed": (
        lambda region: translated(DENIED, region, "Read"),
        "Read was refused in {0}: AccessDeniedException: no",
    ),
}
BOTH = "us-east-1 and eu-central-1 did not answer (Read: EndpointConnectionError); the next look will tell"


@dataclass
class Store:
    """One comparison, and the two copies it is of; `first` is what it asks both for before it reads."""

    comparison: StoreComparison
    copies: Pair[Any]
    first: str
    reads: int  # of the side that fails, until something is compared
    side: Region = TARGET

    @property
    def failing(self) -> Any:
        """Its copy."""
        return self.copies.target if self.side == TARGET else self.copies.source

    def fails(self, error: Error) -> None:
        """One side does, half way."""
        tick, told = self.failing.tick, count()

        def failing() -> None:
            if next(told) >= self.reads:
                raise error(self.side)
            tick()

        self.failing.tick = failing

    def gone(self, error: Error) -> None:
        """Both sides, from the start."""
        for copy, region in zip(self.copies, (SOURCE, TARGET), strict=True):

            def refused(*_: object, region: Region = region) -> NoReturn:
                raise error(region)

            setattr(copy, self.first, refused)


def tables(folder: Path) -> Store:
    """A table, in two segments; how much is compared is counted at the source."""
    world = TablesWorld(Random(1))
    for number in range(test_tables.ITEMS):
        world.both(test_tables.full(number))
    return Store(test_tables.comparison(world, folder / "work"), Pair(world.source, world.target), "names", 2, SOURCE)


def listing(folder: Path) -> Store:
    """A bucket."""
    world = BucketsWorld(Random(1))
    test_listing.filled(world)
    return Store(test_listing.comparison(world, Rule(), folder / "work"), Pair(world.source, world.target), "page", 3)


def inventories(folder: Path) -> Store:
    """Two lists that differ; the buckets are looked at for it."""
    world, sides = BucketsWorld(Random(1)), test_inventories.alike()
    test_inventories.PLANTS["other size"](sides, "a +/007")
    lists = Pair(
        *(test_inventories.written(folder, side, list(rows.values()), "CSV") for side, rows in zip("st", sides, strict=True))
    )
    looks, settling = Looks(Pair(world.source, world.target), Rule()), Settling(3, world.sleep)
    subject = Inventories("history", lists, test_inventories.LAG, looks, settling)
    return Store(StoreComparison(subject, Clock(), folder / "work"), Pair(world.source, world.target), "page", 0)


def streams(folder: Path) -> Store:
    """A live stream and its mirror."""
    world = StreamsWorld(Random(1))
    test_streams.filled(world)
    return Store(test_streams.comparison(world, folder / "work"), Pair(world.live, world.mirror), "shards", 3)


STORES = {"tables": tables, "listing": listing, "inventories": inventories, "streams": streams}


@pytest.fixture(name="store", params=STORES)
def _store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """The only one the verb knows; its results are kept as the verb keeps them."""
    made = STORES[request.param](tmp_path)
    made.comparison.results = ResultFiles(tmp_path)
    monkeypatch.setattr(verify, "STORES", {made.comparison.subject.store: lambda *_: made.comparison})
    return made


@pytest.mark.parametrize("wrong", WRONG)
def test_a_side_that_fails_half_way_leaves_what_was_compared(
    store: Store, wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is kept as a part, which no gate takes; once the side is back, it goes on to the end."""
    tick, (error, sentence) = store.failing.tick, (WRONG[wrong][0], WRONG[wrong][1].format(store.side))
    store.fails(error)
    assert run_verb(monkeypatch, "verify") == Exit.HELD
    assert f"  not finished: {sentence}\n" in capsys.readouterr().out
    kept = store.comparison.newest()
    assert kept is not None
    assert (kept.whole, kept.stopped, kept.compared > 0) == (False, sentence, True)
    store.failing.tick = tick
    assert run_verb(monkeypatch, "verify", "--resume") == Exit.DONE


def test_two_sides_that_are_down_are_one_sentence(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are named."""
    store.gone(WRONG["down"][0])
    assert run_verb(monkeypatch, "verify") == Exit.HELD
    assert f"  not finished: {BOTH}\n" in capsys.readouterr().out
