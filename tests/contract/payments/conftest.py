"""One PostgreSQL server for all of these tests, and a database of payments with nothing in it."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from tests.contract.postgres.servers import Postgres

from landbridge.workloads.postgres import Server

DATABASE = "payments"


class Secrets:
    """The user every test connects as."""

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803 - AWS's words
        """The same in every version."""
        return {"SecretString": json.dumps({"username": "payments", "password": "any"})}


@pytest.fixture(scope="package", name="postgres")
def _postgres() -> Iterator[Postgres]:
    """Up, with the user."""
    server = Postgres()
    try:
        server.made()
        with psycopg.connect(server.address("postgres"), autocommit=True) as admin:
            admin.execute("CREATE ROLE payments LOGIN SUPERUSER")
        yield server
    finally:
        server.gone()


@pytest.fixture(name="way")
def _way(postgres: Postgres) -> Server:
    """The way to the empty database."""
    postgres.empty(DATABASE)
    return Server(Secrets(), address=lambda: f"127.0.0.1:{postgres.port}", secret=lambda: "secret", database=DATABASE)
