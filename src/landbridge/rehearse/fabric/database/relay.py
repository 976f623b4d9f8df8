"""A TCP line through this process, to wherever it leads at the moment: an endpoint that follows, or the link between regions.

Bytes are passed as they come and in order. On a link, what a server streams can be delayed, held, or lost with the line.
"""

import asyncio
import contextlib
import random
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

CHUNK = 65_536
SLICE_SECONDS = 0.01
HELD_BYTES = 256 * 1024 * 1024  # what is under way on one line at most: then the sender has to wait
STREAMING = b"START_REPLICATION"  # what a standby says before the server streams its log

TLS_PLEASE = struct.pack("!II", 8, 80877103)  # SSLRequest of PostgreSQL's protocol

Port = Callable[[], int | None]


@dataclass
class Line:
    """What is wrong with a link now; may be set while it runs."""

    lag: float = 0.0  # seconds between what one side streams and what the other receives
    jitter: float = 0.0  # up to so many seconds more, drawn anew for every piece
    stalled: bool = False  # nothing of the stream arrives
    down: bool = False  # no connection stands


class Relay:
    """Listens on a free port of 127.0.0.1; `leads_to` tells the port behind it, or None for nowhere."""

    def __init__(
        self, leads_to: Port, line: Line | None = None, chance: random.Random | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.port = 0
        self._tls = tls
        self._leads_to = leads_to
        self._line = line or Line()
        self._chance = chance or random.Random(0)
        self._over = False
        self._open: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Listens until stopped."""
        server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        self._stack.callback(server.close)
        self._stack.callback(setattr, self, "_over", True)

    async def stop(self) -> None:
        """Closes the port and every connection; safe to repeat."""
        await self._stack.aclose()
        await self.cut()

    async def cut(self) -> None:
        """Every connection is gone, with what was under way on it."""
        tasks = self.drop()
        await asyncio.gather(*tasks, return_exceptions=True)

    def drop(self) -> tuple[asyncio.Task[None], ...]:
        """Every connection is about to go; those that still have to."""
        tasks = tuple(self._open)
        for task in tasks:
            task.cancel()
        return tasks

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._over:  # it came through the door as that was closed, and nobody would ever end it
            writer.transport.abort()
            return
        task = asyncio.create_task(self._connected(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        task.add_done_callback(lambda done: _end(writer, cut=done.cancelled()))  # one that never began could not do it itself

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = None if self._line.down else self._leads_to()
        if port is None:
            return
        with contextlib.suppress(OSError):
            first = await self._greeted(reader, writer)
            behind, before = await asyncio.open_connection("127.0.0.1", port)
            with _closing(before):
                before.write(first)
                await _Connection(self._line, self._chance).carry(Ends(reader, writer), Ends(behind, before))

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        """Speaks TLS with a client that asks for it, when we can; what it said that the server must hear."""
        if self._tls is None:
            return b""
        first = await reader.read(CHUNK)
        if first != TLS_PLEASE:
            return first
        writer.write(b"S")
        await writer.start_tls(self._tls)
        return b""


@dataclass(frozen=True)
class Ends:
    """Both directions of one socket."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class _Connection:
    """One connection from a client to a server, until either of them leaves."""

    def __init__(self, line: Line, chance: random.Random) -> None:
        self._line = line
        self._chance = chance
        self._streams = False
        self._held = 0
        self._waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def carry(self, client: Ends, server: Ends) -> None:
        """Passes bytes both ways; cancelled, it drops what waits."""
        parts = (self._ask(client, server), self._receive(server), self._deliver(client), self._watch())
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, client: Ends, server: Ends) -> None:
        while data := await client.reader.read(CHUNK):
            self._streams = self._streams or STREAMING in data
            server.writer.write(data)
            await server.writer.drain()

    async def _receive(self, server: Ends) -> None:
        """Notes what the server sends and when it may arrive; the end waits its turn like everything else."""
        clock = asyncio.get_running_loop().time
        while data := await server.reader.read(CHUNK):
            self._held += len(data)
            self._waiting.put_nowait((clock() + self._chance.uniform(0, self._line.jitter), data))
            while self._held > HELD_BYTES:  # noqa: ASYNC110 - looked at as often as the line itself
                await asyncio.sleep(SLICE_SECONDS)
        self._waiting.put_nowait((clock(), b""))
        await asyncio.Event().wait()

    async def _deliver(self, client: Ends) -> None:
        while True:
            since, data = await self._waiting.get()
            while (left := self._left(since)) > 0:  # noqa: ASYNC110 - the knobs may change while it waits
                await asyncio.sleep(min(left, SLICE_SECONDS))
            if not data:
                return
            self._held -= len(data)
            client.writer.write(data)
            await client.writer.drain()

    def _left(self, since: float) -> float:
        if not self._streams:
            return 0.0
        if self._line.stalled:
            return SLICE_SECONDS
        return since + self._line.lag - asyncio.get_running_loop().time()

    async def _watch(self) -> None:
        while not self._line.down:  # noqa: ASYNC110 - a knob is only a value
            await asyncio.sleep(SLICE_SECONDS * 5)


@contextlib.contextmanager
def _closing(writer: asyncio.StreamWriter) -> Iterator[None]:
    cut = True
    try:
        yield
        cut = False
    finally:
        _end(writer, cut=cut)


def _end(writer: asyncio.StreamWriter, *, cut: bool) -> None:
    """At once, with what waits to be sent; or when that has been sent, which a client that does not read puts off for ever."""
    if cut:
        writer.transport.abort()
    else:
        writer.close()
