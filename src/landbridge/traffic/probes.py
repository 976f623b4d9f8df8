"""Probes straight to one region's API, kept in a rolling window; a lost window is only refilled, never guessed."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from landbridge.model.wire import PROBE_HEADER
from landbridge.traffic.window import Answers, Window


class Kind(StrEnum):
    """How one probe went."""

    GOOD = "good"
    FAILED = "failed"
    WRONG = "wrong"  # answered, and not with what is true


@dataclass
class HttpProbes:
    """Probes by HTTP GET of the API's health, several at once; `url` is asked only until it answers: later it may not.

    `is_right` judges the body of an answer: a region that answers quickly with something untrue is worse than a slow one.
    """

    url: Callable[[], str]
    window: float
    at_once: int
    timeout: float
    is_right: Callable[[bytes], bool]
    stopwatch: Callable[[], float] = time.monotonic
    open: Callable[..., Any] = urllib.request.urlopen
    _found: str = ""
    _window: Window = field(init=False)

    def __post_init__(self) -> None:
        self._window = Window(self.window)

    def sample(self, now: float) -> Window:
        """Sends a few and gives the newest window of them, those included."""
        self._found = self._found or self.url()
        url = self._found
        with ThreadPoolExecutor(self.at_once) as pool:
            answers = list(pool.map(lambda _: self._probe(url), range(self.at_once)))
        kinds = [kind for kind, _ in answers]
        seconds = tuple(took for kind, took in answers if kind is Kind.GOOD)
        self._window.add(Answers(now, len(answers), kinds.count(Kind.FAILED), kinds.count(Kind.WRONG), seconds))
        return self._window

    def _probe(self, url: str) -> tuple[Kind, float]:
        began = self.stopwatch()
        request = urllib.request.Request(f"{url}/health", headers={PROBE_HEADER: "1"})  # noqa: S310 our own URL
        try:
            with self.open(request, timeout=self.timeout) as response:
                body = response.read()
                kind = self._judged(response.status, body)
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            kind = Kind.FAILED
        return kind, self.stopwatch() - began

    def _judged(self, status: int, body: bytes) -> Kind:
        if status != 200 or not body:
            return Kind.FAILED
        return Kind.GOOD if self.is_right(body) else Kind.WRONG
