"""The platform's database as a migration holds it, on two real clusters under the names their stacks give them."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.builders import trading
from tests.contract.database.place import Place, S, T, eventually

from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.live_database import LiveDatabase
from landbridge.model.effects import DATABASE, USER, statements
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.replicate.port import Heart

CONFIG = trading({"database": {"moves": True}})
ROOT, PASSWORD = Path(__file__).parents[3], "of the test alone"
GLOBAL = CONFIG.platform.named("database")
ENGINE = {"Engine": "aurora-postgresql"}


class Secrets:
    """The one password there is."""

    def get_secret_value(self, **_asked: str) -> dict[str, str]:
        """In the form of a secret."""
        return {"SecretString": json.dumps({"username": USER, "password": PASSWORD})}


def _made(place: Place, region: Region, **asked: str) -> None:
    """A cluster with its instance, as the stack makes it."""
    name, rds = CONFIG.platform.named("database", region), place.rds(region)
    rds.create_db_cluster(DBClusterIdentifier=name, **ENGINE, **asked)
    instance = {"DBInstanceIdentifier": f"a-{region}", "DBInstanceClass": "db.r6g.large", "DBClusterIdentifier": name}
    rds.create_db_instance(**instance, **ENGINE)
    place.settled(region, name)


@pytest.fixture(scope="module", name="migration")
def _migration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migration]:
    """The source's cluster alone, and nothing in it; it is the first test that joins it."""
    folder = tmp_path_factory.mktemp("live")
    with Place(folder / "own") as place:
        for region in (S, T):
            place.clients._made["secretsmanager", region, True] = Secrets()
        _made(place, S, MasterUsername=USER, MasterUserPassword=PASSWORD, DatabaseName=DATABASE)
        migration = Migration(place.clients, CONFIG, ROOT / "templates", time.time, time.sleep, kept=folder / "verify")
        database = _of(migration)
        assert database.effects.writer() == S
        assert database.survey().obstacles == ()
        for statement in statements():
            database.effects.at_writer(statement)
        arn = place.rds(S).describe_db_clusters()["DBClusters"][0]["DBClusterArn"]
        place.rds(S).create_global_cluster(GlobalClusterIdentifier=GLOBAL, SourceDBClusterIdentifier=arn)
        with pytest.raises(Refused, match="its stack database makes the copy"):
            database.copy.start()
        _made(place, T, GlobalClusterIdentifier=GLOBAL)
        yield migration


def _of(migration: Migration) -> LiveDatabase:
    database = migration.whole.database
    assert database
    return database


def _heard(heart: Heart) -> bool:
    try:
        heart.beat()
        return heart.lag() is not None
    except Unreachable:
        return False


def test_a_move_and_a_failback_find_nothing_in_their_way(migration: Migration) -> None:
    """Clusters from the same template are alike, whichever way one looks."""
    back = replace(migration, back=True)
    assert [_of(each).survey().obstacles for each in (migration, back)] == [(), ()]


def test_the_gates_comparison_needs_no_address_of_the_file(migration: Migration) -> None:
    """Every row of both clusters, in as many slices as it takes; each direction for itself."""
    effects, verifier = _of(migration).effects, migration.whole.verifiers["database"]
    assert verifier.newest() is None
    effects.at_writer("INSERT INTO trading.note VALUES ('ada', 'n', 'text')")
    eventually(lambda: bool(effects.at(T, "SELECT 1 FROM trading.note")))
    eventually(lambda: verifier.compare().whole)
    newest = verifier.newest()
    assert newest
    assert (newest.compared > 0, newest.differences) == (True, ())
    assert PASSWORD not in newest.of
    assert replace(migration, back=True).whole.verifiers["database"].newest() is None


def test_a_server_that_only_reads_is_not_where_one_writes(migration: Migration) -> None:
    """While the writer moves, its address may lead there: that is silence, and no error of the program."""
    effects = _of(migration).effects
    with pytest.raises(Unreachable, match="ReadOnlySqlTransaction"):
        effects.login.rows(T, effects.cluster(T).reader, "INSERT INTO trading.note VALUES ('ada', 'm', 'text')")


def test_the_writer_moves_and_the_lag_is_measured_the_other_way(migration: Migration) -> None:
    """There by the move, back by the failback; a heartbeat is heard after each."""
    for moving, to in ((migration, T), (replace(migration, back=True), S)):
        database = _of(moving)
        eventually(partial(_heard, database.copy))
        database.writer.switch(to)
        eventually(lambda database=database, to=to: database.writer.writer() == to)  # type: ignore[misc]
        eventually(partial(_heard, database.copy))
        assert database.effects.writer() == to
