"""Opens a server on a free port of 127.0.0.1 and sees to it that the port is closed again, cancelled or not."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from aiohttp import web

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
LEAVE_SECONDS = 0.5


async def listen(stack: AsyncExitStack, handler: Handler) -> int:
    """The port that is listened on until the stack unwinds; a handler whose client leaves is cancelled."""
    server = web.Server(handler, access_log=None, auto_decompress=False, handler_cancellation=True)
    runner = web.ServerRunner(server, shutdown_timeout=LEAVE_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    starting = asyncio.ensure_future(web.TCPSite(runner, "127.0.0.1", 0).start())
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        await starting  # cancelled in the midst, asyncio would forget the socket it had opened
        raise
    return int(runner.addresses[0][1])
