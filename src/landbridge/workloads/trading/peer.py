"""The other region's API over plain HTTP: one connection a call, short timeouts, the hop mark always on.

A connection a call costs a TLS handshake across regions, paid only by the side without the pen; a kept connection
would be found dead exactly when regions fail.
"""

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from landbridge.model.wire import HOP_HEADER
from landbridge.workloads.trading.ports import Answer, Clock
from landbridge.workloads.trading.state import Write

ANSWER_BYTES = 1_000_000


class PeerAddress:
    """Where the other region's API answers, asked at most every 30 s once known, every 2 s while there is none."""

    def __init__(self, read: Callable[[], str | None], clock: Clock, *, present: float = 30.0, absent: float = 2.0) -> None:
        self._read, self._clock = read, clock
        self._keep = {True: present, False: absent}
        self._url: str | None = None
        self._until = float("-inf")

    def __call__(self) -> str | None:
        """The base URL; None = no other side yet, or it couldn't be asked and was never known."""
        now = self._clock()
        if now >= self._until:
            self._url = self._read()
            self._until = now + self._keep[self._url is not None]
        return self._url


@dataclass(frozen=True)
class HttpPeer:
    """Asks the other region, in its own words."""

    address: Callable[[], str | None]
    connect: float
    read: float

    def put(self, write: Write) -> Answer | None:
        """Forwards a write with the hop mark; None = no answer, or no other side: the outcome is unknown."""
        body = {"version": write.version, "write_id": write.write_id, "value": write.value, "deleted": write.deleted}
        return self._ask("PUT", write.user, write.view, json.dumps(body).encode())

    def get(self, user: str, view: str) -> Answer | None:
        """The other region's copy; None = no answer, or no other side."""
        return self._ask("GET", user, view, None)

    def _ask(self, method: str, user: str, view: str, body: bytes | None) -> Answer | None:
        url = self.address()
        if url is None:
            return None
        try:
            return self._exchange(url, method, f"/state/{quote(user, safe='')}/{quote(view, safe='')}", body)
        except (OSError, http.client.HTTPException, ValueError):
            return None  # what None promises: no answer that could be read, so the outcome is unknown

    def _exchange(self, url: str, method: str, path: str, body: bytes | None) -> Answer:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self.connect)
        try:
            connection.connect()
            connection.sock.settimeout(self.read)
            headers = {HOP_HEADER: "1", "content-type": "application/json"}
            connection.request(method, parts.path.rstrip("/") + path, body=body, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, _object(response.read(ANSWER_BYTES)))
        finally:
            connection.close()


def _object(raw: bytes) -> Mapping[str, Any]:
    body = json.loads(raw or b"{}")
    if not isinstance(body, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - read as 'no answer' like any other broken body
    return body
