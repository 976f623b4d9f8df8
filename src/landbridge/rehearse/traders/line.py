"""Carries one request to the edge, and repeats it as a patient client would; every attempt that fails is counted.

The HTTP client's own silent second try after a lost connection is switched off: it would hide raw errors.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from landbridge.model.wire import REGION_HEADER
from landbridge.rehearse.ledger import Ledger, Request
from landbridge.rehearse.traders.answers import Answer

ATTEMPT_SECONDS = 30.0  # API Gateway gives up at 29: its own answer is worth more than our impatience
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
NO_TOTAL = aiohttp.ClientTimeout(total=None)  # aiohttp's own swallows a cancellation that comes at the same moment
FINAL = {"GET": (200, 404), "PUT": (200, 409)}
REFUSED = 400

Sleep = Callable[[float], Awaitable[None]]


class Stumble(Exception):
    """An attempt that brought no usable answer: what it looked like, how long to wait, and whether asking again can help."""

    def __init__(self, what: str, retry_after: float = 0.0, *, is_final: bool = False) -> None:
        super().__init__(what)
        self.retry_after = retry_after
        self.is_final = is_final


class ConnectionLost(aiohttp.ClientError):
    """The connection broke after the request was under way."""


async def once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A client middleware that turns a lost connection into an error the client does not quietly try again."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as lost:
        raise ConnectionLost(str(lost)) from lost


class Line:
    """The way from a trader to the edge."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        edge_url: str,
        ledger: Ledger,
        *,
        retry_seconds: float,
        clock: Callable[[], float],
        sleep: Sleep,
        random: Random,
    ) -> None:
        self._session = session
        self._edge = edge_url.rstrip("/")
        self._ledger = ledger
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._sleep = sleep
        self._random = random

    async def ask(self, request: Request, headers: Mapping[str, str], body: Mapping[str, Any] | None = None) -> Answer | None:
        """The answer at last; None when the request was given up, which the ledger then knows."""
        give_up_at = self._clock() + self._retry_seconds
        attempt = 0
        while True:
            try:
                return await self._attempt(request, headers, body, give_up_at - self._clock())
            except Stumble as stumble:
                self._ledger.stumbled(request, str(stumble))
                pause = stumble.retry_after + self._jitter(attempt)
                if stumble.is_final or self._clock() + pause >= give_up_at:
                    self._ledger.failed(request, f"{attempt + 1} attempts, the last: {stumble}")
                    return None
            attempt += 1
            await self._sleep(pause)

    async def _attempt(self, request: Request, headers: Mapping[str, str], body: Mapping[str, Any] | None, left: float) -> Answer:
        url = "/".join((self.base(request), request.resource, *(quote(part, safe="") for part in request.key)))
        limit = asyncio.timeout(min(ATTEMPT_SECONDS, left))
        data = orjson.dumps(body) if body is not None else None
        sent = {**headers, "content-type": "application/json"} if data else headers
        try:
            async with limit, self._session.request(request.method, url, headers=sent, data=data, timeout=NO_TOTAL) as response:
                text = await response.read()
        except TimeoutError:
            raise Stumble("no answer in time") from None
        except aiohttp.ClientConnectorError:
            raise Stumble("no connection") from None
        except aiohttp.ClientError:
            raise Stumble("connection lost") from None
        return self.answer(request, response, text)

    def base(self, request: Request) -> str:  # noqa: ARG002 - another line leads elsewhere, by who asks
        """Where this request goes."""
        return self._edge

    def answer(self, request: Request, response: aiohttp.ClientResponse, text: bytes) -> Answer:
        """What an answer that was read to its end means; Stumble when it is none the asker can use."""
        region = response.headers.get(REGION_HEADER)
        whence = f"{response.status} from {region or 'on the way'}"
        if region is None or response.status not in FINAL[request.method]:
            raise Stumble(whence, _seconds(response.headers.get("retry-after")), is_final=response.status == REFUSED)
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise Stumble(f"{whence} that is not JSON") from None
        if not isinstance(said, dict):
            raise Stumble(f"{whence} that is not an object")
        self._ledger.answered(request, region, response.status)
        return Answer(response.status, region, said)

    def _jitter(self, attempt: int) -> float:
        return self._random.uniform(0.5, 1.0) * min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**attempt)


def _seconds(header: str | None) -> float:
    return min(float(header), LONGEST_PAUSE_SECONDS) if header is not None and header.isdecimal() else 0.0
