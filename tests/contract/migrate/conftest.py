"""Source and target as emulators of our own, stopped by their process ids; tables of a test's own in both."""

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest
from tests.contract.migrate.copies import FENCES, Hand, made
from tests.contract.migrate.tables import Tables
from tests.contract.platform.emulators import free_port, start, wait
from tests.fakes import SOURCE, TARGET, FakeStateCopies

from landbridge.aws.clients import Clients, Timeouts
from landbridge.model.pen import fence_of
from landbridge.model.region import Region

NUMBERS = count(1)


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Mapping[Region, str]]:
    """One emulator process a region; both and their workers are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="landbridge-contract-") as folder:
        ports = {region: free_port() for region in (SOURCE, TARGET)}
        running = [start(region, port, Path(folder) / region) for region, port in ports.items()]
        try:
            for port, process in zip(ports.values(), running, strict=True):
                wait(port, process)
            yield {region: f"http://127.0.0.1:{port}" for region, port in ports.items()}
        finally:
            for process in running:
                with contextlib.suppress(ProcessLookupError):  # it ended by itself: nothing left to end
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="session")
def clients(endpoints: Mapping[Region, str]) -> Clients:
    """Clients that reach both."""
    return Clients(endpoints=endpoints, timeouts=Timeouts(read=30.0))


@pytest.fixture
def tables(clients: Clients) -> Tables:
    """Tables no other test has."""
    return Tables(clients, f"test-{os.getpid()}-{next(NUMBERS)}")


@pytest.fixture(params=["fake", "tables"])
def hand(request: pytest.FixtureRequest) -> Hand:
    """One suite for both."""
    if request.param == "fake":
        fake = FakeStateCopies()
        return Hand(fake, fake.accept)
    tables: Tables = request.getfixturevalue("tables")
    copies = made(tables)
    return Hand(copies, lambda region, item, at: tables.accept(region, item, fence_of(item.user, FENCES), at))
