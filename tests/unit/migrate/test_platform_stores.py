"""What a platform moves follows from its configuration: a market moves where feeds are named."""

import time
from dataclasses import replace

from tests.builders import CONFIG, trading
from tests.fakes import REGIONS, Clock
from tests.unit.replicate.stream_fakes import FakeClients

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.compose import Migration
from landbridge.model.measure import Survey
from landbridge.model.pen import Domain

FEEDS = {"market": {"feeds": ["direct"], "producers": ["arn:aws:iam::000000000000:role/feeds"]}}
TABLES = {"state", "commands"}
DATABASE = {"database": {"moves": True}}


def _migration(*, feeds: bool = False, database: bool = False) -> Migration:
    """Over addresses nobody asks."""
    config = trading({**(FEEDS if feeds else {}), **(DATABASE if database else {})})
    return Migration(Clients(), config, CONFIG.parent / "templates", time.time, time.sleep)


def test_a_market_moves_first_with_its_table_and_its_streams() -> None:
    """Each is copied, compared and watched; its pen is the first to move."""
    migration = _migration(feeds=True)
    whole, plan = migration.whole, migration.plan()
    assert migration.movers.domains == (Domain.MARKET, Domain.STATE, Domain.COMMANDS)
    assert set(whole.replicators) == set(whole.verifiers) == TABLES | {"history", "analytics", "market"}
    assert set(whole.watched) == {"history", "analytics", "market"}
    assert len(whole.hearts) == 5
    assert len(whole.surveys) == len(TABLES) + len(("analytics", "market", "history"))
    phases = [phase.name for phase in plan.phases if phase.name.startswith("cutover")]
    assert phases == ["cutover.market", "cutover.state", "cutover.commands"]


def test_a_markets_streams_are_looked_at_before_anything_begins() -> None:
    """For quotas, shards and how long records are kept; an emulator has none of these, and is not asked."""
    kinesis = FakeClients(Clock())
    market = replace(_migration(feeds=True).market, clients=kinesis)
    for region in kinesis.kinesis.values():
        region.streams = {f"trading-analytics-{name}-prod": stream for name, stream in region.streams.items()}
        region.streams["trading-analytics-live-prod"].summary["RetentionPeriodHours"] = 24
    told = market.survey().obstacles
    assert [each.partition(";")[0] for each in told] == [
        f"trading-analytics-live-prod in {region} keeps records 24 h, 168 h are wanted" for region in REGIONS
    ]
    assert replace(market, clients=Clients(dict.fromkeys(REGIONS, "http://127.0.0.1:9"))).survey() == Survey()


def test_without_feeds_nothing_of_a_market_moves() -> None:
    """As it is shipped; and nobody seizes one yet."""
    for migration in (_migration(feeds=False), replace(_migration(feeds=True), seizing=True)):
        assert migration.movers.domains == (Domain.STATE, Domain.COMMANDS)
        assert migration.movers.market is None
        assert set(migration.whole.replicators) == TABLES | {"history"}


def test_a_database_moves_last_with_its_effects() -> None:
    """Copied, compared and watched; the effects' pen is the last to move, and its writer with it."""
    migration = _migration(feeds=True, database=True)
    whole = migration.whole
    assert migration.movers.domains == (Domain.MARKET, Domain.STATE, Domain.COMMANDS, Domain.EFFECTS)
    assert "database" in whole.replicators.keys() & whole.verifiers.keys() & whole.watched.keys()
    assert (len(whole.hearts), len(whole.surveys)) == (6, 6)
    (last,) = (phase for phase in migration.plan().phases if phase.name == "cutover.effects")
    assert [step.name for step in last.steps] == [
        "close_source.effects",
        "prove_copy.effects",
        "switch_database",
        "prove_reverse.effects",
        "open_target.effects",
        "start_target.effects",
    ]
    back = replace(migration, back=True).plan()
    assert next(phase.name for phase in back.phases if phase.name.startswith("cutover")) == "cutover.effects"


def test_as_it_is_shipped_no_database_moves() -> None:
    """And nobody seizes one yet."""
    for migration in (_migration(), replace(_migration(database=True), seizing=True)):
        assert migration.movers.database is None
        assert "database" not in migration.whole.replicators
        assert Domain.EFFECTS not in migration.movers.domains
