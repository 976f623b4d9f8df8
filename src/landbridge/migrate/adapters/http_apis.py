"""The dashboard APIs as the engine uses them: its own marks, and each region's clock."""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from landbridge.model.errors import Unreachable
from landbridge.model.region import Region
from landbridge.model.wire import PROBE_HEADER
from landbridge.workloads.trading.peer import Entitle

UNWELL = 503  # as an API says it whose tables are not there yet
TRIES = 3  # the quickest of a few tells the clock best


@dataclass(frozen=True)
class HttpApis:
    """Each region's API, past every shared name; `entitle` says what its authorizer wants to see."""

    url: Callable[[Region], str]
    timeout: float
    stopwatch: Callable[[], float] = time.monotonic
    entitle: Entitle = lambda _method, _url, _body: {}
    open: Callable[..., Any] = urllib.request.urlopen

    def write(self, region: Region, user: str, view: str, version: int, write_id: str) -> None:
        """One write through this region's API; its outcome is looked up by the caller."""
        body = json.dumps({"version": version, "write_id": write_id, "value": "mark"}).encode()
        self._ask(region, f"state/{user}/{view}", body)

    def order(self, region: Region, user: str, number: int, key: str) -> None:
        """One command without effect through this region's API; its outcome is looked up by the caller."""
        body = json.dumps({"key": key, "order": {"kind": "unnote", "note": "mark"}}).encode()
        self._ask(region, f"commands/{user}/{number}", body)

    def ahead(self, region: Region, now: Callable[[], float], *, well: bool = True) -> float:
        """How many seconds the region's clock is ahead of ours; one that need not be well yet tells the time all the same."""
        measured = []
        for _ in range(TRIES):
            began, sent = self.stopwatch(), now()
            told = self._told(region, well=well)
            took = self.stopwatch() - began
            measured.append((took, told - (sent + took / 2)))
        return min(measured)[1]

    def _told(self, region: Region, *, well: bool) -> float:
        answer = self._ask(region, "health", well=well)
        try:
            return float(json.loads(answer)["now"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unreachable(region, "GET health: not an answer of this API") from error

    def _ask(self, region: Region, path: str, body: bytes | None = None, *, well: bool = True) -> bytes:
        method, url = "PUT" if body else "GET", f"{self.url(region)}/{path}"
        headers = {"content-type": "application/json", PROBE_HEADER: "1", **self.entitle(method, url, body)}
        request = urllib.request.Request(url, data=body, method=method, headers=headers)  # noqa: S310 our own URL
        try:
            with self.open(request, timeout=self.timeout) as response:
                answer: bytes = response.read()
                return answer
        except urllib.error.HTTPError as error:
            with error:
                if well or error.code != UNWELL:
                    raise Unreachable(region, f"{method} {path.split('/', 1)[0]}: {error.code}") from error
                return error.read()
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            raise Unreachable(region, f"{method} {path.split('/', 1)[0]}: {type(error).__name__}") from error
