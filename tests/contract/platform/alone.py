"""One emulator that plays all regions, so that replicas of tables are real; each region has its own adapting door."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from tests.contract.platform.doors import adapting
from tests.contract.platform.emulators import REGIONS, SOURCE, free_port, start, wait

from landbridge.aws.clients import Clients, Timeouts


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[Clients]:
    """Clients that reach it; it is gone afterwards, with its workers."""
    port = free_port()
    process = start(SOURCE, port, folder / "emulator")
    try:
        wait(port, process)
        with adapting(dict.fromkeys(REGIONS, f"http://127.0.0.1:{port}")) as doors:
            yield Clients(doors, timeouts=Timeouts(read=30.0))
    finally:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself: nothing left to end
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
