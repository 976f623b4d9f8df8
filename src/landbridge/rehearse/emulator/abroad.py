"""A call for another region: a function knows the door of its own region alone, so what is signed for another is passed on.

On AWS a client of another region resolves that region's own address. Either door can be shut: the caller's, because it is
the region it runs in, and the one it calls.
"""

import re
from collections.abc import Mapping

import aiohttp
from aiohttp import web
from yarl import URL

from landbridge.rehearse.emulator.message import carried, streamed

SCOPE = re.compile(r"Credential=[^/]+/[0-9]+/(?P<region>[^/]+)/[^/]+/aws4_request")


def region_of(headers: Mapping[str, str]) -> str:
    """The region a signed request is for; empty when it says none."""
    found = SCOPE.search(headers.get("Authorization", ""))
    return found["region"] if found else ""


async def passed_on(request: web.BaseRequest, session: aiohttp.ClientSession, door: str) -> web.StreamResponse:
    """To the other region's door, and its answer back."""
    url = URL(door + request.raw_path, encoded=True)
    body = request.content if request.can_read_body else None
    async with session.request(request.method, url, headers=carried(request.headers), data=body, allow_redirects=False) as answer:
        return await streamed(request, answer)
