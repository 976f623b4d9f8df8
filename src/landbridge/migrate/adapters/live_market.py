"""The market as a migration moves it on AWS: its feeds, its streams copied both ways, its table, and who reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.config.verify import Market as Compared
from landbridge.deploy.wanted import tags
from landbridge.migrate.adapters.feeds import LiveFeeds
from landbridge.migrate.adapters.mappings import LiveMappings
from landbridge.migrate.adapters.market_marks import MarketCopies, MarketMarks
from landbridge.migrate.adapters.streams import LiveStreams
from landbridge.migrate.pens import Pens
from landbridge.migrate.plans.cutover import Market
from landbridge.model.market import Stream
from landbridge.model.measure import Survey
from landbridge.model.region import Pair, Region
from landbridge.model.wire import INGEST, PARAMETER
from landbridge.replicate.both_ways import BothWays
from landbridge.replicate.stream import StreamReplicator
from landbridge.replicate.stream_preflight import StreamPreflight
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.stores import FOLDER, by_gate, streams

Told = Callable[[str, str, Region], str]  # stack, output, region
STORE = "market"


@dataclass(frozen=True)
class LiveMarket:
    """One platform's market; `told` asks stacks."""

    clients: Clients
    config: Trading
    regions: Pair[Region]
    told: Told
    pens: Pens
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @property
    def parameter(self) -> str:
        """Where each side's ingest address lies."""
        return PARAMETER.format(suffix=self.config.platform.environment_suffix, name=INGEST)

    @property
    def moved_with(self) -> Market:
        """All that the steps of the move act on."""
        return Market(self.feeds, self.streams, self.mappings)

    @cached_property
    def feeds(self) -> LiveFeeds:
        """Those the configuration names."""
        named, market = self.config.platform.named, self.config.market
        return LiveFeeds(
            self.clients, self.regions, self.parameter, named(Stream.LIVE), named("pens"), market.feeds, market.producers
        )

    @cached_property
    def streams(self) -> LiveStreams:
        """Live and mirror of both regions."""
        named = self.config.platform.named
        return LiveStreams(self.clients, self.regions, {each: named(each) for each in Stream}, named("pens"), self.clock)

    @cached_property
    def mappings(self) -> LiveMappings:
        """Which streams each region's transform reads."""

        @cache
        def stream(which: Stream, region: Region) -> str:
            return self.told("streams", f"{which.title()}StreamArn", region)

        @cache
        def aside(region: Region) -> str:
            return self.told("streams", "SetAsideBucketArn", region)

        platform = self.config.platform
        return LiveMappings(self.clients, platform.named("transform"), stream, aside, partial(tags, platform))

    @cached_property
    def both(self) -> BothWays:
        """The stream's copies, there and back."""
        return BothWays(self._way(self.regions), self._way(self.regions.swapped()))

    def _way(self, regions: Pair[Region]) -> StreamReplicator:
        named = self.config.platform.named
        return StreamReplicator(self.clients, regions, named(Stream.LIVE), named(Stream.MIRROR), named("replicator"), self.clock)

    @cached_property
    def verifier(self) -> StoreComparison:
        """The source's live stream and what the target has of it."""
        spec = self.config.verify.market or Compared()
        lag = max(spec.lag_seconds, self.config.gate.max_lag_seconds)  # what may be so late is not missing yet
        asked = by_gate(self.clients, self.regions, FOLDER, self.clock, self.sleep)
        return StoreComparison(streams(self.config, asked, lag), self.clock)

    def survey(self) -> Survey:
        """What is in the way of copying the streams; an emulator has neither quotas nor keys, and is not asked."""
        if self.clients.endpoints:
            return Survey()
        named, keeps = self.config.platform.named, self.config.pens.stream_retention_hours
        looks = StreamPreflight(self.clients, self.regions, named(Stream.LIVE), named(Stream.MIRROR), keeps)
        return Survey(looks.obstacles())

    @property
    def copies(self) -> MarketCopies:
        """By which a move is proved."""
        return MarketCopies(self.streams)

    @property
    def marks(self) -> MarketMarks:
        """By which the ways are."""
        return MarketMarks(self.streams, self.feeds, self.pens)
