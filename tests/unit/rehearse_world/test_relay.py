"""A line that is cut is gone at once, whoever still has something to send over it or to read from it."""

import asyncio
import gc

from landbridge.rehearse.fabric.database.relay import Relay

MORE_THAN_BUFFERS_HOLD = b"x" * 64 * 1024 * 1024


async def _cut_while_nobody_reads() -> None:
    async def pours(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        writer.write(MORE_THAN_BUFFERS_HOLD)

    server = await asyncio.start_server(pours, "127.0.0.1", 0)
    relay = Relay(lambda: int(server.sockets[0].getsockname()[1]))
    await relay.start()
    _, writer = await asyncio.open_connection("127.0.0.1", relay.port, limit=1)
    await asyncio.sleep(0.1)
    await relay.stop()
    transports = (each for each in gc.get_objects() if isinstance(each, asyncio.Transport))
    held = [each for each in transports if each.get_extra_info("sockname")[1] == relay.port]
    assert held
    assert all(each.is_closing() and each.get_write_buffer_size() == 0 for each in held)
    writer.transport.abort()
    server.close()


def test_a_client_that_does_not_read_keeps_no_line_open() -> None:
    """What was under way on it is dropped with it."""
    asyncio.run(_cut_while_nobody_reads())
