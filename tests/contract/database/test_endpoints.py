"""Endpoints stay where they are and lead to whoever plays their part; with a certificate they speak TLS."""

from pathlib import Path

import psycopg
import pytest
from tests.contract.database.place import DATABASE, PASSWORD, USER, Place, S, ask, connected

from landbridge.replicate.login import Login


def test_they_follow_the_writer(pair: Place) -> None:
    """The global one and the writer's own take writes; the other cluster's is closed; readers read."""
    before = {cluster.name: (pair.endpoint(cluster), pair.reader(cluster)) for cluster in (pair.source, pair.target)}
    at = pair.writer
    ask(at, "CREATE TABLE IF NOT EXISTS followed (one int)")
    pair.switch(pair.target)
    pair.quiet()
    assert (pair.writer, {c.name: (pair.endpoint(c), pair.reader(c)) for c in (pair.source, pair.target)}) == (at, before)
    for writes in (at, pair.endpoint(pair.target), pair.reader(pair.target)):
        ask(writes, "INSERT INTO followed VALUES (1)")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        ask(pair.reader(pair.source), "INSERT INTO followed VALUES (2)")
    with pytest.raises(psycopg.OperationalError), connected(pair.endpoint(pair.source)):
        pass


def test_nobody_gets_in_without_the_password(pair: Place) -> None:
    """Not even from this machine."""
    at = pair.writer
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"host={at.host} port={at.port} user={USER} password=guessed dbname={DATABASE}")


def test_a_region_that_is_out_takes_no_connection(pair: Place) -> None:
    """And the ones that stood are gone."""
    at = pair.reader(pair.source)
    with connected(at) as standing:
        pair.reach(S, reachable=False)
        with pytest.raises(psycopg.OperationalError):
            standing.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError), connected(at):
        pass
    pair.reach(S, reachable=True)
    assert ask(at, "SELECT 1") == 1


def test_with_a_certificate_they_speak_tls(pair: Place, bundle: Path) -> None:
    """A client that checks the certificate gets in by its address, as on AWS; one that asks for none gets in too."""
    login = Login(USER, lambda: PASSWORD, DATABASE, {"sslmode": "verify-full", "sslrootcert": str(bundle)})
    assert login.rows(S, pair.endpoint(pair.source), "SELECT 1") == [(1,)]
    plain = Login(USER, lambda: PASSWORD, DATABASE, {"sslmode": "disable"})
    assert plain.rows(S, pair.endpoint(pair.source), "SELECT 2") == [(2,)]
