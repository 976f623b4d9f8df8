"""The two regions of the payments platform and that of its journal, emulated, and an operator's own file for them."""

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.contract.platform.doors import adapting
from tests.contract.platform.emulators import free_port, start, wait

from landbridge.aws.clients import Clients, Timeouts
from landbridge.config.expansion import Expansion
from landbridge.config.load import load
from landbridge.model.region import Region

ROOT = Path(__file__).parents[3]
SIDES = (Region("us-east-1"), Region("us-east-2"))
JOURNAL = Region("us-west-2")
CERTIFICATE = "arn:aws:acm:{}:000000000000:certificate/11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Mapping[Region, str]]:
    """One emulator process a region behind its door; both and their workers are gone afterwards."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="landbridge-payments-")))
        ports = {region: free_port() for region in (*SIDES, JOURNAL)}
        for region, port in ports.items():
            process = start(region, port, folder / region)
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, signal.SIGKILL)
            wait(port, process)
        yield stack.enter_context(adapting({region: f"http://127.0.0.1:{port}" for region, port in ports.items()}))


@pytest.fixture(scope="session")
def clients(endpoints: Mapping[Region, str]) -> Clients:
    """Clients that reach the emulated regions."""
    return Clients(endpoints=endpoints, timeouts=Timeouts(read=30.0))


@pytest.fixture(scope="session")
def expansion() -> Expansion:
    """As shipped, with an image and certificates."""
    source, target = (CERTIFICATE.format(side) for side in SIDES)
    serving = {"image_digest": f"sha256:{'0' * 64}", "source_certificate": source, "target_certificate": target}
    return load(ROOT / "config" / "payments.toml", Expansion, {"serving": serving})
