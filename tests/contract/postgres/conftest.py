"""One server for all of these tests, and two databases of a test's own in it."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.contract.postgres.servers import Postgres, Twins, binaries

NUMBERS = count(1)


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
def _twins(postgres: Postgres, tmp_path: Path) -> Iterator[Twins]:
    """Empty, both in one server; they go when it goes."""
    number = next(NUMBERS)
    names = (f"source{number}", f"target{number}")
    postgres.does("postgres", *(f"CREATE DATABASE {name}" for name in names))
    yield Twins.of((postgres, postgres), names, tmp_path)
    postgres.leave(*names)
