"""A customer's way to the payments platform: the name, as the customer's own resolver has it, then that region's load balancer.

What a region told to ask again for is asked again: a session or a payment that has not arrived there yet.
"""

import asyncio
from collections.abc import Callable, Mapping
from random import Random

import aiohttp
import orjson

from landbridge.model.region import Region
from landbridge.model.wire import REGION_HEADER
from landbridge.rehearse.fabric.addresses import Place
from landbridge.rehearse.fabric.edge import VIEWER_HEADER
from landbridge.rehearse.ledger import Ledger, Request
from landbridge.rehearse.payments.balancer import COUNTRY_HEADER
from landbridge.rehearse.traders.answers import Answer
from landbridge.rehearse.traders.line import NO_TOTAL, REFUSED, Line, Sleep, Stumble

TURNED_AWAY = 403
FINAL = frozenset({200, 201, 202, 204, 409})
MAY_ARRIVE = frozenset({"payments"})  # what another region accepted a second ago; an upload never does, one way at least
FILE_SECONDS = 10.0

Leads = Callable[[str], Place | None]


class Way(Line):
    """Leads each customer to the region the name leads to at that moment, with the country CloudFront would tell."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        leads: Leads,
        ledger: Ledger,
        *,
        retry_seconds: float,
        clock: Callable[[], float],
        sleep: Sleep,
        random: Random,
    ) -> None:
        super().__init__(session, "", ledger, retry_seconds=retry_seconds, clock=clock, sleep=sleep, random=random)
        self._leads = leads
        self._asked: dict[int, Region] = {}

    def base(self, request: Request) -> str:
        """The load balancer of the region the customer is led to."""
        place = self._leads(request.trader)
        if place is None:
            raise Stumble("the name leads nowhere")
        self._asked[request.number] = place.region
        return place.url

    def answer(self, request: Request, response: aiohttp.ClientResponse, text: bytes) -> Answer:
        """By the region that was asked where the answer names none: who is turned away never reached the service."""
        region = response.headers.get(REGION_HEADER) or (self._asked[request.number] if response.status == TURNED_AWAY else None)
        whence = f"{response.status} from {region or 'on the way'}"
        final = FINAL if request.resource in MAY_ARRIVE else FINAL | {404}
        if region is None or response.status not in final | {TURNED_AWAY}:
            raise Stumble(whence, is_final=response.status == REFUSED)
        self._asked.pop(request.number, None)
        self._ledger.answered(request, region, response.status)
        return Answer(response.status, region, _object(text) if response.status != TURNED_AWAY else {})

    async def put(self, request: Request, url: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Sends a file straight to the bucket, once; whether it lies there now."""
        try:
            async with (
                asyncio.timeout(FILE_SECONDS),
                self._session.put(url, data=body, headers=headers, timeout=NO_TOTAL) as response,
            ):
                await response.read()
                said = str(response.status)
        except (TimeoutError, aiohttp.ClientError):
            said = "no answer"
        if said != "200":
            self._ledger.stumbled(request, f"{said} from the bucket")
        return said == "200"


def traits(customer: str, country: str) -> dict[str, str]:
    """What tells one customer from another on one machine."""
    return {VIEWER_HEADER: customer, COUNTRY_HEADER: country}


def _object(text: bytes) -> Mapping[str, object]:
    if not text:
        return {}
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Stumble("an answer that is not JSON") from None
    if not isinstance(said, dict):
        raise Stumble("an answer that is not an object")
    return said
