"""A call to S3 on its way through the door: what it changed is noted, whoever hears the answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import aiohttp
from aiohttp import web
from yarl import URL

from landbridge.rehearse.emulator.message import buffered, carried, response, streamed
from landbridge.rehearse.emulator.refusal import Refusal

STATUS = "x-amz-replication-status"  # the emulator's own says FAILED of everything: it knows no other process


class Objects(Protocol):
    """Who copies objects between regions."""

    def concerns(self, headers: Mapping[str, str], raw_path: str) -> bool:
        """Whether a call is S3's, and not a copy's."""

    def about_jobs(self, raw_path: str) -> bool:
        """Whether a call is answered here, and not by the emulator."""

    def answer(self, method: str, raw_path: str, body: bytes) -> Refusal:
        """What is answered here."""

    def whole(self, method: str, raw_path: str) -> bool:
        """Whether the answer's body tells what was changed."""

    async def note(self, method: str, raw_path: str, headers: Mapping[str, str], body: bytes) -> None:
        """A call that was granted."""

    async def doubt(self, method: str, raw_path: str) -> None:
        """A call whose answer nobody heard."""

    def status(self, method: str, raw_path: str, headers: Mapping[str, str]) -> str:
        """What became of a version's copy; empty = nothing is told."""


async def passed(
    request: web.BaseRequest,
    session: aiohttp.ClientSession,
    upstream: str,
    objects: Objects,
    stopped: Callable[[], Awaitable[web.Response | None]],
) -> web.StreamResponse:
    """The answer, of this side or the emulator's; what was changed is known before it leaves."""
    method, path = request.method, request.raw_path
    if objects.about_jobs(path):
        return response(objects.answer(method, path, await request.read()))
    body = request.content if request.can_read_body else None
    url, heard = URL(upstream + path, encoded=True), False
    try:
        async with session.request(method, url, headers=carried(request.headers), data=body, allow_redirects=False) as answer:
            said = await answer.read() if objects.whole(method, path) else None
            if answer.status < 300:
                await objects.note(method, path, answer.headers, said or b"")
            heard = True
            lost = await stopped()
            if lost is not None:
                return lost
            status = {STATUS: objects.status(method, path, answer.headers)}
            return buffered(answer, said) if said is not None else await streamed(request, answer, status)
    finally:
        if not heard:
            await objects.doubt(method, path)
