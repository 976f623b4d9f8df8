"""What a platform moves follows from its configuration: a market moves where feeds are named."""

import time
from dataclasses import replace

from tests.builders import CONFIG, trading

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.compose import Migration
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
    phases = [phase.name for phase in plan.phases if phase.name.startswith("cutover")]
    assert phases == ["cutover.market", "cutover.state", "cutover.commands"]


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
    assert (len(whole.hearts), len(whole.surveys)) == (6, 5)
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
