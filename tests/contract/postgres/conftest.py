"""One server for all of these tests, and two databases of a test's own in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.postgres.servers import Postgres, Twins, binaries


@pytest.fixture(scope="session", name="postgres")
def _postgres() -> Iterator[Postgres]:
    """The newest version."""
    server = Postgres()
    try:
        yield server.made()
    finally:
        server.gone()


@pytest.fixture(scope="session", name="other")
def _other() -> Iterator[Postgres]:
    """Another of the newest."""
    server = Postgres()
    try:
        yield server.made()
    finally:
        server.gone()


@pytest.fixture(scope="session", name="older")
def _older() -> Iterator[Postgres]:
    """The version before."""
    server = Postgres(binaries(newest=False))
    try:
        yield server.made()
    finally:
        server.gone()


@pytest.fixture(name="twins")
def _twins(postgres: Postgres, tmp_path: Path) -> Twins:
    """Empty, both in one server."""
    postgres.empty("one")
    postgres.empty("two")
    return Twins.of((postgres, postgres), ("one", "two"), tmp_path)
