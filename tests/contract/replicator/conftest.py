"""Source and target as emulators of our own, each with a live and a mirror stream; stopped by their process ids."""

import contextlib
import io
import os
import signal
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.platform.emulators import SOURCE, TARGET, free_port, start, wait
from tests.contract.replicator.emulated import FUNCTION, Emulated

from landbridge.aws.clients import Clients, Timeouts


@pytest.fixture(scope="session")
def emulated() -> Iterator[Emulated]:
    """Two regions that can copy streams."""
    with tempfile.TemporaryDirectory(prefix="landbridge-contract-") as folder:
        ports = {region: free_port() for region in (SOURCE, TARGET)}
        running = [start(region, port, Path(folder) / region) for region, port in ports.items()]
        try:
            for port, process in zip(ports.values(), running, strict=True):
                wait(port, process)
            endpoints = {region: f"http://127.0.0.1:{port}" for region, port in ports.items()}
            made = Emulated(Clients(endpoints=endpoints, timeouts=Timeouts(read=30.0)))
            made.make(_nothing())
            yield made
        finally:
            for process in running:
                with contextlib.suppress(ProcessLookupError):  # it ended by itself: nothing left to end
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _nothing() -> bytes:
    """A function's code that does nothing: the tests drive the replicator themselves."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{FUNCTION}.py", "def handler(event, context):\n    return {'batchItemFailures': []}\n")
    return packed.getvalue()
