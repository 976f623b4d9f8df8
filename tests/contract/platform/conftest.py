"""Three emulated regions of our own, stopped by their process ids."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contract.platform.doors import adapting
from tests.contract.platform.emulators import REGIONS, SOURCE, Environments, free_port, start, wait
from tests.contract.platform.tables import SUFFIX, Tables

from landbridge.aws.clients import Clients, Timeouts
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.model.region import Region

ROOT = Path(__file__).parents[3]
SLOW = {"network", "endpoints", "peering", "crossing", "health", "front", "edge", "stacksets"}


@pytest.fixture(scope="session")
def emulators() -> Iterator[Mapping[Region, tuple[int, subprocess.Popen[bytes]]]]:
    """One emulator process a region, with its port; all of them and their workers are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="landbridge-contract-") as folder:
        ports = {region: free_port() for region in REGIONS}
        running = {region: (port, start(region, port, Path(folder) / region)) for region, port in ports.items()}
        try:
            for port, process in running.values():
                wait(port, process)
            yield running
        finally:
            for _, process in running.values():
                with contextlib.suppress(ProcessLookupError):  # it ended by itself: nothing left to end
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="session")
def endpoints(emulators: Mapping[Region, tuple[int, subprocess.Popen[bytes]]]) -> Iterator[Mapping[Region, str]]:
    """A door before each."""
    with adapting({region: f"http://127.0.0.1:{port}" for region, (port, _) in emulators.items()}) as doors:
        yield doors


@pytest.fixture(scope="session")
def clients(endpoints: Mapping[Region, str]) -> Clients:
    """Clients that reach the emulated regions."""
    return Clients(endpoints=endpoints, timeouts=Timeouts(read=30.0))


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    """The committed templates that are quick to make; test_whole.py makes them all."""
    whole = Manifest.read(ROOT / "templates").rehearsed()
    return replace(whole, stacks=tuple(stack for stack in whole.stacks if stack.name not in SLOW))


@pytest.fixture(scope="session")
def trading() -> Trading:
    """The annotated example, as an operator would start from it."""
    return load(ROOT / "config" / "trading.toml", Trading)


@pytest.fixture(scope="session")
def environments(clients: Clients, manifest: Manifest, trading: Trading) -> Environments:
    """Deployers, one a suffix."""
    return Environments(clients, manifest, trading)


@pytest.fixture(scope="session")
def deployed_tables(environments: Environments, manifest: Manifest, patience: Patience, clients: Clients) -> Iterator[Tables]:
    """The source's own tables, and nothing else of the platform."""
    wanted = replace(manifest, stacks=tuple(manifest.stack(name) for name in ("keys", "tables", "pens")))
    deployer = environments.deployer(SUFFIX, wanted)
    deploy(deployer, SOURCE, patience)
    yield Tables(clients)
    destroy(deployer, SOURCE, patience)


@pytest.fixture
def tables(deployed_tables: Tables) -> Tables:
    """With nothing in them."""
    deployed_tables.empty()
    return deployed_tables


@pytest.fixture(scope="session")
def patience() -> Patience:
    """A minute, looking often."""
    return Patience(clock=time.monotonic, sleep=time.sleep, limit_seconds=60, pause_seconds=0.1)
