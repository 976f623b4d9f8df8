"""HTTP messages as a proxy hands them on: everything kept except what belongs to one connection, each sent once."""

from collections.abc import Mapping

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, web
from multidict import CIMultiDict

from landbridge.rehearse.emulator.refusal import Refusal

OURS = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect", "proxy-connection"})
CHUNK = 65_536


class Unanswered(aiohttp.ClientError):
    """The connection broke after the request was sent: it may have been carried out."""


async def once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Sends a request once; left alone, the client would quietly send GET, PUT and DELETE a second time."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as broken:
        raise Unanswered(str(broken)) from broken


def carried(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """The headers that belong to the message rather than to one connection."""
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in OURS)


async def invited(request: web.BaseRequest) -> None:
    """Tells a client that asked first to send its body; without it boto3 waits a second before each object."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun


def response(said: Refusal) -> web.Response:
    """A refusal as an answer."""
    return web.Response(status=said.status, headers=said.headers, body=said.body)


def buffered(answer: aiohttp.ClientResponse, body: bytes) -> web.Response:
    """An answer that was read to its end, with this body in place of its own."""
    headers = carried(answer.headers)
    if body or answer.method != "HEAD":
        headers.popall("Content-Length", None)
    headers.popall("x-amz-crc32", None)  # DynamoDB's sum over the body, which may have been corrected
    return web.Response(status=answer.status, reason=answer.reason, headers=headers, body=body)


async def streamed(
    request: web.BaseRequest, answer: aiohttp.ClientResponse, corrected: Mapping[str, str] | None = None
) -> web.StreamResponse:
    """Hands an answer on as it comes, with these headers in place of its own; an empty one is left out."""
    headers = carried(answer.headers)
    for name, value in (corrected or {}).items():
        headers.popall(name, None)
        if value:
            headers[name] = value
    passed = web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers)
    await passed.prepare(request)
    async for chunk in answer.content.iter_chunked(CHUNK):
        await passed.write(chunk)
    await passed.write_eof()
    return passed
