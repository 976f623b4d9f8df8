"""Probes straight to one region's API, kept in a rolling window; a lost window is only refilled, never guessed."""

import http.client
import math
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from landbridge.model.wire import PROBE_HEADER
from landbridge.traffic.port import Sample


@dataclass(frozen=True, slots=True)
class Answer:
    """How one probe went."""

    at: float
    seconds: float
    good: bool


def percentile(values: list[float], share: float) -> float | None:
    """The smallest value that this share of them does not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(answers: list[Answer]) -> Sample:
    """What a window of answers comes to; only good answers count for speed, or fast errors would look like health."""
    return Sample(len(answers), sum(not each.good for each in answers), percentile([a.seconds for a in answers if a.good], 0.99))


@dataclass
class HttpProbes:
    """Probes by HTTP GET of the API's health, several at once; `url` is asked only until it answers: later it may not."""

    url: Callable[[], str]
    window: float
    at_once: int
    timeout: float
    stopwatch: Callable[[], float] = time.monotonic
    _found: str = ""
    _answers: deque[Answer] = field(default_factory=deque)

    def sample(self, now: float) -> Sample:
        """Sends a few and gives the newest window of them."""
        self._found = self._found or self.url()
        url = self._found
        with ThreadPoolExecutor(self.at_once) as pool:
            self._answers.extend(pool.map(lambda _: self._probe(url, now), range(self.at_once)))
        while self._answers and self._answers[0].at < now - self.window:
            self._answers.popleft()
        return summary(list(self._answers))

    def _probe(self, url: str, now: float) -> Answer:
        began = self.stopwatch()
        request = urllib.request.Request(f"{url}/health", headers={PROBE_HEADER: "1"})  # noqa: S310 our own URL
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:  # noqa: S310
                good = response.status == 200 and bool(response.read())
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            good = False
        return Answer(now, self.stopwatch() - began, good)
