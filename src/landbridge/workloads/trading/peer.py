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
from landbridge.workloads.trading.commands import Command
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.state import Write

ANSWER_BYTES = 1_000_000


Entitle = Callable[[str, str, bytes | None], Mapping[str, str]]  # of method, URL and body: the headers that let them in


@dataclass(frozen=True)
class HttpPeer:
    """Asks the other region, in its own words; `entitle` says what its authorizer wants to see besides."""

    address: Callable[[], str | None]
    connect: float
    read: float
    entitle: Entitle = lambda _method, _url, _body: {}

    def put(self, write: Write) -> Answer | None:
        """Forwards a write with the hop mark; None = no answer, or no other side: the outcome is unknown."""
        body = {"version": write.version, "write_id": write.write_id, "value": write.value, "deleted": write.deleted}
        return self._ask("PUT", _path("state", write.user, write.view), json.dumps(body).encode())

    def send(self, command: Command) -> Answer | None:
        """Forwards a command with the hop mark; None = no answer, or no other side: the outcome is unknown."""
        body = {"key": command.key, "order": json.loads(command.body)}
        return self._ask("PUT", _path("commands", command.user, str(command.number)), json.dumps(body).encode())

    def get(self, *path: str) -> Answer | None:
        """The other region's answer; None = no answer, or no other side."""
        return self._ask("GET", _path(*path), None)

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer | None:
        url = self.address()
        if url is None:
            return None
        try:
            return self._exchange(url, method, path, body)
        except (OSError, http.client.HTTPException, ValueError):
            return None  # what None promises: no answer that could be read, so the outcome is unknown

    def _exchange(self, url: str, method: str, path: str, body: bytes | None) -> Answer:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self.connect)
        try:
            connection.connect()
            connection.sock.settimeout(self.read)
            headers = {
                HOP_HEADER: "1",
                "content-type": "application/json",
                **self.entitle(method, f"{url.rstrip('/')}{path}", body),
            }
            connection.request(method, parts.path.rstrip("/") + path, body=body, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, _object(response.read(ANSWER_BYTES)))
        finally:
            connection.close()


def _path(*parts: str) -> str:
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _object(raw: bytes) -> Mapping[str, Any]:
    body = json.loads(raw or b"{}")
    if not isinstance(body, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - read as 'no answer' like any other broken body
    return body
