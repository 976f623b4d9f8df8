"""One comparison of a store with a difference planted, in a process that kills itself before it keeps its nth chunk."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.unit.verify import test_inventories, test_listing, test_streams, test_tables
from tests.unit.verify.buckets_world import BucketsWorld
from tests.unit.verify.streams_world import StreamsWorld
from tests.unit.verify.tables_world import TablesWorld

from landbridge.model.region import Pair
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.kept import Kept
from landbridge.verify.objects.versions import Rule


def tables(folder: Path) -> StoreComparison:
    """Two segments a side, some pages each."""
    world = TablesWorld(Random(1))
    for number in range(test_tables.ITEMS):
        world.both(test_tables.full(number))
    test_tables.PLANTS["another number"](world, test_tables.full(7))
    return test_tables.comparison(world, folder / "work")


def listing(folder: Path) -> StoreComparison:
    """Some listings."""
    world = BucketsWorld(Random(1))
    test_listing.filled(world)
    test_listing.gone(world, test_listing.KEYS[0])
    return test_listing.comparison(world, Rule(), folder / "work")


def inventories(folder: Path) -> StoreComparison:
    """Two files a side."""
    sides = test_inventories.alike()
    test_inventories.PLANTS["other size"](sides, "a +/007")
    source, target = (list(rows.values()) for rows in sides)
    lists = Pair(test_inventories.written(folder, "s", source, "CSV"), test_inventories.written(folder, "t", target, "CSV"))
    return test_inventories.comparison(lists, folder / "work")


def streams(folder: Path) -> StoreComparison:
    """Two shards a side, some batches each."""
    world = StreamsWorld(Random(1))
    test_streams.filled(world)
    test_streams.lost(world, 7)
    return test_streams.comparison(world, folder / "work")


STORES = {"tables": tables, "listing": listing, "inventories": inventories, "streams": streams}


def counting(before: Callable[[int], None]) -> Callable[[Kept, str, Any], None]:
    """Keeps as ever, once `before` was told how many chunks were kept until then."""
    keep, kept, one_at_a_time = Kept.keep, [0], threading.Lock()

    def counted(self: Kept, chunk: str, outcome: Any) -> None:
        with one_at_a_time:
            before(kept[0])
            kept[0] += 1
            keep(self, chunk, outcome)

    return counted


def main(store: str, folder: str, number: str) -> None:
    """Dies by SIGKILL."""

    def die(kept: int) -> None:
        if kept == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    Kept.keep = counting(die)  # type: ignore[method-assign,assignment]
    STORES[store](Path(folder)).compare()


if __name__ == "__main__":
    main(*sys.argv[1:])
