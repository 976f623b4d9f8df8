"""The service behind its real ASGI server, over stores in memory, on a free port and in a thread of its own."""

import asyncio
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from tests.unit.payments.fakes import NOW, MemoryLedger, Region, desk

from landbridge.workloads.payments.api.asgi import WORDS, App
from landbridge.workloads.payments.api.desk import Desk
from landbridge.workloads.payments.api.stores import Table
from landbridge.workloads.payments.log import Log

TOKEN = "a-session-that-stays"
SESSION = f"Bearer {TOKEN}"


@dataclass
class Served:
    """Where it answers, and what it stands on."""

    port: int = 0
    region: Region = field(default_factory=lambda: Region("us-east-1"))
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    log: io.StringIO = field(default_factory=io.StringIO)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


def begun(region: Region, at: Desk) -> Desk:
    """A desk that knows one session."""
    Table(region, "sessions", region.name, lambda: NOW).begin(TOKEN, "shop")
    return at


@contextmanager
def served() -> Iterator[Served]:
    """Up, and gone afterwards."""
    made, up, ended = Served(), threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(made, up, ended)))
    thread.start()
    try:
        assert up.wait(10)
        yield made
    finally:
        ended.set()
        thread.join()


async def _serve(made: Served, up: threading.Event, ended: threading.Event) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        made.port = held.getsockname()[1]
        config = Config()
        config.bind = [f"fd://{held.fileno()}"]
        config.loglevel = "WARNING"
        config.graceful_timeout = 0.1
        app: Any = App(begun(made.region, desk(made.region, made.ledger)), Log(made.log, WORDS))
        held.listen()
        up.set()
        await serve(app, config, shutdown_trigger=lambda: asyncio.to_thread(ended.wait))
        held.detach()  # the server has closed it
