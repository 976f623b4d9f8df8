"""What becomes of a database's connections when the line between them ends."""

import asyncio
import contextlib
import gc
import socket

from landbridge.rehearse.fabric.database.relay import Relay

MUCH = b"x" * (16 * 1024 * 1024)  # more than any buffer of a socket takes


async def sent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server's answer, whoever reads it."""
    with contextlib.suppress(OSError):
        writer.write(MUCH)
        writer.close()
        await writer.wait_closed()


def test_a_client_that_does_not_read_keeps_no_connection_open() -> None:
    """What it has not read is lost with the line; a transport that is left behind would be told as a warning, and so fail."""

    async def run(client: socket.socket) -> None:
        server = await asyncio.start_server(sent, "127.0.0.1", 0)
        relay = Relay(lambda: server.sockets[0].getsockname()[1])
        await relay.start()
        client.connect(("127.0.0.1", relay.port))
        await asyncio.sleep(0.2)
        await relay.stop()
        server.close()
        await asyncio.sleep(0.05)

    with socket.socket() as client:
        asyncio.run(run(client))
        gc.collect()


def test_a_client_that_reads_slowly_gets_everything() -> None:
    """As long as the line stands."""

    async def run() -> int:
        server = await asyncio.start_server(sent, "127.0.0.1", 0)
        relay = Relay(lambda: server.sockets[0].getsockname()[1])
        await relay.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port, limit=1024)
        await asyncio.sleep(0.1)
        read = len(await reader.readexactly(len(MUCH)))
        writer.transport.abort()
        await relay.stop()
        server.close()
        await asyncio.sleep(0.05)
        return read

    assert asyncio.run(run()) == len(MUCH)
