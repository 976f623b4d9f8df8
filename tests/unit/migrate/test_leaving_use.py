"""What comes to the source is counted by what AWS keeps and by our own eyes; what is ours, or only checks health, is not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from tests.builders import FakeWorld, state
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.leaving_fakes import FakeAws
from tests.unit.replicate.stream_fakes import FakeKinesis

from landbridge.migrate.adapters.effects import EffectsDatabase
from landbridge.migrate.adapters.leaving.use import Effects, LiveUse, Records, Requests, Writes
from landbridge.model.hearts import Shard, record
from landbridge.model.market import EndMarker, Tick
from landbridge.model.pen import Domain, Epoch
from landbridge.model.state import RESERVED

WEEK = 7 * 86_400.0


def requests(aws: FakeAws) -> Callable[[float], int | None]:
    """Of the source's API."""
    return Requests(aws.clients(), SOURCE, "api", "live", 1, aws.clock).count


def test_checks_of_health_are_no_users() -> None:
    """Where each method is counted, all but that one are."""
    aws = FakeAws()
    at = aws.clock() - 1
    aws.cloudwatch.counts = {"": [(at, 12)], "/health": [(at, 9)], "/state": [(at, 2)], "/commands": [(at, 1)]}
    assert requests(aws)(at - 5) == 3


def test_without_a_count_by_method_everything_counts() -> None:
    """Too much is never too little."""
    aws = FakeAws()
    aws.cloudwatch.counts = {"": [(aws.clock() - 1, 12), (aws.clock() - 60, 100)]}
    assert requests(aws)(aws.clock() - 5) == 12


def test_an_api_without_metrics_is_no_quiet_one() -> None:
    """Nobody can tell, so nothing is told of the other kinds either."""
    aws = FakeAws()
    assert requests(aws)(0.0) is None
    assert LiveUse({"requests": requests(aws), "writes": lambda _since: 0}).seen(0.0) is None


def test_a_long_silence_is_asked_for_in_few_points() -> None:
    """A week by the second would be more than AWS answers."""
    aws = FakeAws()
    aws.cloudwatch.counts = {"": []}
    assert requests(aws)(aws.clock() - WEEK) == 0
    assert aws.cloudwatch.periods == [660]


def test_writes_are_the_receipts_of_the_pen_it_held() -> None:
    """By the side's own receipts, from a moment on."""
    world = FakeWorld()
    since = world.clock()
    count = Writes(SOURCE, Domain.STATE, world.pens, world.copies).count
    assert count(since + 1) == 0
    world.clock.sleep(5)
    world.copies.accept(SOURCE, state(version=3), world.clock())
    assert count(since + 1) == 1


def test_records_of_the_market_are_read_and_ours_are_not_counted() -> None:
    """Heartbeats and end markers go on; a tick, or what nobody knows, came from somebody."""
    aws = FakeAws()
    kinesis = FakeKinesis(aws.clock)
    aws.services["kinesis"] = kinesis
    looks = Records(aws.clients(), SOURCE, "live", WEEK, aws.clock)
    since = aws.clock()
    kinesis.put_records(StreamName="live", Records=[record(Shard("shard-0", 0, 1 << 128, True), since)])
    marker = EndMarker(SOURCE, "shard-0", Epoch(1), 7).text().encode()
    kinesis.put_records(StreamName="live", Records=[{"Data": marker, "PartitionKey": "a"}])
    assert looks.count(since) == 0
    told = [Tick("direct", "ABC", 1, "1.0").text().encode(), b"\xff rubbish"]
    kinesis.put_records(StreamName="live", Records=[{"Data": data, "PartitionKey": "a"} for data in told])
    assert looks.count(since) == 2
    aws.clock.sleep(10)
    assert looks.count(aws.clock() - 5) == 0


@dataclass
class FakeDatabase:
    """Effects by who made them, as the writer tells those that were applied before the row became the other side's."""

    owners: tuple[str, ...]
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def at_writer(self, _statement: str, values: tuple[object, ...]) -> list[tuple[str]]:
        """All of them."""
        self.asked.append(values)
        return [(owner,) for owner in self.owners]


def test_effects_of_users_count_and_ours_do_not() -> None:
    """Asked of the writer, with the moment and who holds the row."""
    database = FakeDatabase(("ann", f"{RESERVED}effect", "ben"))
    assert Effects(cast("EffectsDatabase", database), TARGET).count(17.0) == 2
    assert database.asked == [(17.0, TARGET)]
