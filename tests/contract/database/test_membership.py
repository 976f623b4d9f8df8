"""A copy joins under load, leaves as a database of its own, and is removed; nothing of it stays behind."""

import time
from pathlib import Path

import psycopg
import pytest
from tests.contract.database.load import Load
from tests.contract.database.place import (
    DATABASE,
    GLOBAL,
    NAMES,
    PASSWORD,
    REGIONS,
    USER,
    Place,
    S,
    T,
    ask,
    connected,
    eventually,
)

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.database_writer import DatabaseMember, DatabaseWriter
from landbridge.model.region import Pair
from landbridge.replicate.aurora import Aurora
from landbridge.replicate.database import DatabaseReplicator, Secondary
from landbridge.replicate.database_facts import facts, unlike
from landbridge.replicate.login import Login

LOGIN = Login(USER, lambda: PASSWORD, DATABASE, {})
SECONDARY = Secondary("one-t", "db.r6g.large", "subnets", ("sg-1",), "arn:key", "parameters")


def _replicator(clients: Clients) -> DatabaseReplicator:
    return DatabaseReplicator(Aurora(clients), GLOBAL, NAMES, REGIONS, lambda: SECONDARY, LOGIN, time.time)


def test_a_life_of_a_copy(tmp_path: Path) -> None:
    """Joined while rows are written, measured, switched to and back, detached, deleted; each word said by RDS."""
    with Place(tmp_path / "own") as place:
        place.create()
        copy, aurora = _replicator(place.clients), Aurora(place.clients)
        assert (copy.copied(), copy.lag()) == (False, None)
        with Load(place.endpoint(place.source)) as load:
            load.goes_on()
            copy.start()
            copy.start()
            assert copy.copied()
            place.settled(T, NAMES.target)
            place.quiet()
            load.goes_on()
        eventually(lambda: load.arrived(place.reader(place.target)))
        copy.beat()
        eventually(lambda: copy.lag() is not None)
        assert str(copy.position()).startswith("log 0/")
        assert unlike(Pair(facts(aurora, LOGIN, S, NAMES.source), facts(aurora, LOGIN, T, NAMES.target))) == []
        _moves(place)
        _leaves(place, copy)


def _moves(place: Place) -> None:
    """There and back by the port of the engine; each act may be repeated."""
    writer = DatabaseWriter(Aurora(place.clients), GLOBAL, REGIONS)
    member = DatabaseMember(Aurora(place.clients), GLOBAL, S, T)
    assert writer.writer() == S
    assert len(member.broken()) == 1
    for to in (T, S):
        writer.switch(to)
        writer.switch(to)
        assert writer.writer() in {None, to}
        eventually(lambda to=to: writer.writer() == to)  # type: ignore[misc]
        place.quiet()


def _leaves(place: Place, copy: DatabaseReplicator) -> None:
    """First it stands alone and can be written, then it is gone, and so is every process of it."""
    data, reader = place.target.server.data, place.reader(place.target)
    copy.stop()
    assert copy.copied()
    assert copy.stranger()
    ask(place.endpoint(place.target), "INSERT INTO written VALUES (-1)")
    ask(place.endpoint(place.source), "INSERT INTO written VALUES (-2)")
    server = place.target.server
    for _ in range(2):
        copy.stop()
    eventually(lambda: not copy.copied())
    assert (server.pids(), data.exists()) == ((), False)
    with pytest.raises(psycopg.OperationalError), connected(reader):
        pass
    assert ask(place.endpoint(place.source), "SELECT min(number) FROM written") == -2
