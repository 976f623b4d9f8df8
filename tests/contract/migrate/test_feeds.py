"""The feeds as the engine moves them, as fake and on AWS's own parts; and feeds that really put, moved by it."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from tests.contract.migrate.tables import Tables
from tests.fake_market import FakeFeeds
from tests.fakes import REGIONS, SOURCE, TARGET, Clock

from landbridge.aws.clients import Clients, Timeouts
from landbridge.migrate.adapters.feeds import WITHDRAWN, LiveFeeds
from landbridge.migrate.market import Feeds
from landbridge.model.confirmation import Confirmation
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.market import Tick, entry
from landbridge.model.region import Region
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.feed import Feed
from landbridge.rehearse.market.live import LiveIngest
from landbridge.rehearse.market.ticks import Ticks

NUMBERS = count(1)
NAMES = ("fast", "slow")
PRODUCER = "arn:aws:iam::000000000000:role/feeds"


@dataclass(frozen=True)
class Site:
    """A stream, a parameter and a table of pens in both regions, for one test."""

    clients: Clients
    name: str
    pens: str

    @property
    def feeds(self) -> LiveFeeds:
        """As the engine has them."""
        return LiveFeeds(self.clients, REGIONS, f"/{self.name}/ingest", self.name, self.pens, NAMES, (PRODUCER,))

    @property
    def ingest(self) -> LiveIngest:
        """As a feed has it."""
        return LiveIngest(self.clients, tuple(REGIONS), f"/{self.name}/ingest", self.name, self.pens)

    def confirm(self, feed: str, region: Region) -> None:
        """A feed's word, newer than all before it."""
        self.ingest.confirm(Confirmation(feed, region, next(NUMBERS)))

    def arn(self, region: Region) -> str:
        """The stream's."""
        told = self.clients.client("kinesis", region).describe_stream_summary(StreamName=self.name)
        return str(told["StreamDescriptionSummary"]["StreamARN"])

    def lies(self, region: Region) -> list[Tick]:
        """What lies in a region's stream, shard by shard."""
        kinesis = self.clients.client("kinesis", region)
        found = []
        for shard in kinesis.list_shards(StreamName=self.name)["Shards"]:
            where = {"StreamName": self.name, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            place = kinesis.get_shard_iterator(**where)["ShardIterator"]
            while records := (page := kinesis.get_records(ShardIterator=place))["Records"]:
                found += [entry(record["Data"].decode()) for record in records]
                place = page["NextShardIterator"]
        return [each for each in found if isinstance(each, Tick)]


@pytest.fixture(name="site")
def _site(tables: Tables, clients: Clients) -> Site:
    site = Site(clients, tables.suffix, tables.make("pens", SOURCE, TARGET))
    for region in REGIONS:
        clients.client("kinesis", region).create_stream(StreamName=site.name, ShardCount=2)
        clients.client("kinesis", region).get_waiter("stream_exists").wait(StreamName=site.name, WaiterConfig={"Delay": 1})
    return site


@dataclass(frozen=True)
class Stand:
    """Feeds as the engine sees them, and what makes one give its word."""

    feeds: Feeds
    confirm: Callable[[str, Region], None]


@pytest.fixture(name="stand", params=["fake", "aws"])
def _stand(request: pytest.FixtureRequest) -> Stand:
    if request.param == "fake":
        fake = FakeFeeds(told={})
        return Stand(fake, fake.puts_at.__setitem__)
    site: Site = request.getfixturevalue("site")
    for name in NAMES:
        site.confirm(name, SOURCE)
    return Stand(site.feeds, site.confirm)


def test_an_address_is_what_it_was_set_to(stand: Stand) -> None:
    """Each side for itself; none where nobody set one."""
    assert [stand.feeds.address(side) for side in REGIONS] == [None, None]
    for to in (SOURCE, TARGET, TARGET):
        stand.feeds.point(SOURCE, to)
    assert [stand.feeds.address(side) for side in REGIONS] == [TARGET, None]
    for _ in range(2):
        stand.feeds.forget(SOURCE)
    assert stand.feeds.address(SOURCE) is None


def test_the_newest_word_counts(stand: Stand) -> None:
    """There, and back again."""
    assert stand.feeds.unconfirmed(TARGET) == ["fast", "slow"]
    stand.confirm("slow", TARGET)
    assert (stand.feeds.unconfirmed(TARGET), stand.feeds.unconfirmed(SOURCE)) == (["fast"], ["slow"])
    stand.confirm("slow", SOURCE)
    assert (stand.feeds.unconfirmed(TARGET), stand.feeds.unconfirmed(SOURCE)) == (["fast", "slow"], [])


def test_a_right_is_taken_and_given_back(stand: Stand) -> None:
    """In one region, as often as one likes."""
    for _ in range(2):
        stand.feeds.withdraw(SOURCE)
    assert [stand.feeds.may_put(side) for side in REGIONS] == [False, True]
    for _ in range(2):
        stand.feeds.restore(SOURCE)
    assert [stand.feeds.may_put(side) for side in REGIONS] == [True, True]


def test_a_feed_that_never_spoke_is_unconfirmed(site: Site) -> None:
    """And one that nobody named counts once it spoke."""
    site.confirm("third", SOURCE)
    assert site.feeds.unconfirmed(TARGET) == ["fast", "slow", "third"]


def test_a_late_word_changes_nothing(site: Site) -> None:
    """An older one that arrives after a newer one."""
    site.ingest.confirm(Confirmation("fast", SOURCE, 20))
    site.ingest.confirm(Confirmation("fast", SOURCE, 10))
    site.ingest.confirm(Confirmation("fast", TARGET, 15))
    assert site.feeds.unconfirmed(SOURCE) == ["slow"]


def test_the_stream_keeps_its_other_statements(site: Site) -> None:
    """What the customer allows stays allowed; the feeds alone are denied, and only to put."""
    kinesis = site.clients.client("kinesis", SOURCE)
    arn = site.arn(SOURCE)
    own = {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": PRODUCER}, "Action": "kinesis:PutRecords", "Resource": arn}
    kinesis.put_resource_policy(ResourceARN=arn, Policy=json.dumps({"Version": "2012-10-17", "Statement": [own]}))
    site.feeds.withdraw(SOURCE)
    first, ours = json.loads(kinesis.get_resource_policy(ResourceARN=arn)["Policy"])["Statement"]
    assert first == own
    assert (ours["Sid"], ours["Effect"], ours["Principal"]) == (WITHDRAWN, "Deny", {"AWS": [PRODUCER]})
    site.feeds.restore(SOURCE)
    assert json.loads(kinesis.get_resource_policy(ResourceARN=arn)["Policy"])["Statement"] == [own]


def test_an_address_that_is_no_region_is_refused(site: Site) -> None:
    """In one sentence, with the way out."""
    site.clients.client("ssm", SOURCE).put_parameter(Name=site.feeds.parameter, Value="nowhere", Type="String")
    with pytest.raises(Refused, match="set it to the one the feeds put in"):
        site.feeds.address(SOURCE)


def test_silence_is_not_confirmed(site: Site) -> None:
    """A region that is out may know a newer word."""
    lost = Clients(
        {SOURCE: "http://127.0.0.1:9", TARGET: site.clients.endpoints[TARGET]}, timeouts=Timeouts(connect=0.2, attempts=1)
    )
    with pytest.raises(Unreachable):
        Site(lost, site.name, site.pens).feeds.unconfirmed(TARGET)


def test_feeds_that_put_are_moved(site: Site, tmp_path: Path) -> None:
    """From the source's stream to the target's: every tick once and in order of its symbol, and both give their word."""
    clock = Clock(time.time())
    for side in REGIONS:
        site.feeds.point(side, SOURCE)
    books = [Book(tmp_path / f"{name}.jsonl", clock) for name in NAMES]
    feeds = [
        Feed(Ticks(name, 125, 7, clock()), site.ingest, book, clock, together=500)
        for name, book in zip(NAMES, books, strict=True)
    ]
    for beat in range(6):
        if beat == 3:
            for side in REGIONS:
                site.feeds.point(side, TARGET)
        clock.sleep(1.0)
        for feed in feeds:
            feed.turn()
    for book in books:
        book.close()
    assert site.feeds.unconfirmed(TARGET) == []
    seen: dict[tuple[str, str], list[int]] = {}
    for tick in [*site.lies(SOURCE), *site.lies(TARGET)]:
        seen.setdefault((tick.feed, tick.symbol), []).append(tick.sequence)
    made = {line: list(range(1, len(values) + 1)) for book in books for line, values in book.values.items()}
    assert seen == made
    assert all(site.lies(side) for side in REGIONS)
