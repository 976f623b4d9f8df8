"""The comparison of a live stream with its mirror, against two real streams."""

import json
import os
import time
from itertools import count
from math import inf
from typing import Any

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET, Clock

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused
from landbridge.model.market import Tick
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair, Region
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.settle import Settling
from landbridge.verify.stream.kinesis import KinesisCopy, packed
from landbridge.verify.stream.reading import Copy
from landbridge.verify.stream.streams import Streams

NUMBERS = count(1)


class Live:
    """A stream in each region, of one name."""

    def __init__(self, clients: Clients) -> None:
        self.clients, self.name, self.clock = clients, f"verify-{os.getpid()}-{next(NUMBERS)}", Clock()
        for region in REGIONS:
            self.kinesis(region).create_stream(StreamName=self.name, ShardCount=2)
        for region in REGIONS:
            self.kinesis(region).get_waiter("stream_exists").wait(StreamName=self.name, WaiterConfig={"Delay": 1})

    def kinesis(self, region: Region) -> Any:
        """The region's client."""
        return self.clients.client("kinesis", region)

    def put(self, region: Region, symbol: str, *numbers: int) -> None:
        """Ticks of one symbol, in this order."""
        texts = [Tick("feed", symbol, number, f"{number}").text() for number in numbers]
        data = [text.encode() for text in texts]
        if region == TARGET:  # as the replicator puts them
            records = [{"sequence": "1", "entry": json.loads(text)} for text in texts]
            data = [json.dumps({"kind": "pack", "region": SOURCE, "shard": "shard", "records": records}).encode()]
        for record in data:
            self.kinesis(region).put_record(StreamName=self.name, PartitionKey=symbol, Data=record)

    def comparison(self, name: str = "") -> StoreComparison:
        """Of the last minute."""
        free = Budget(inf, self.clock, self.clock.sleep)
        stream = name or self.name
        live = KinesisCopy(self.clients, stream, SOURCE, lambda: free)
        copies: Pair[Copy] = Pair(live, KinesisCopy(self.clients, stream, TARGET, lambda: free, packed))
        return StoreComparison(Streams("market", copies, 60.0, -60.0, Settling(3, self.clock.sleep)), time.time)


@pytest.fixture
def live(clients: Clients) -> Live:
    """Three symbols, the same on both sides."""
    made = Live(clients)
    for region in REGIONS:
        for symbol in ("ada", "bob", "eve"):
            made.put(region, symbol, 1, 2, 3)
    return made


def test_equal_streams_have_no_differences(live: Live) -> None:
    """Every record of every shard was read."""
    result = live.comparison().compare()
    assert (result.compared, result.differences, result.whole) == (18, (), True)


def test_planted_differences_are_found_exactly(live: Live) -> None:
    """Not mirrored, mirrored out of order; twice is lawful."""
    live.put(SOURCE, "ada", 4, 5)
    live.put(TARGET, "ada", 5, 5)
    live.put(SOURCE, "bob", 4, 5)
    live.put(TARGET, "bob", 5, 4)
    assert list(live.comparison().compare().differences) == [
        Difference("market", "feed/ada/4", Side.TARGET, Kind.MISSING),
        Difference("market", "feed/bob/4", Side.TARGET, Kind.DISORDERED),
    ]


def test_a_stream_that_is_not_there_refuses(live: Live) -> None:
    """It is never taken for an empty one."""
    with pytest.raises(Refused, match="ResourceNotFoundException"):
        live.comparison("nowhere-at-all").compare()
