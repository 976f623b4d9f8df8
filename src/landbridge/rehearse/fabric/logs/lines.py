"""The lines of one subscribed group: each once, in its stream's order, and as the messages CloudWatch makes of them.

The emulator gives no place to read on from, and no ids to functions' lines. So a bit of what was read is read again, and
what is there more often than before is new. Cost: a line that is put later than OVERLAP after its own time is not seen.
"""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.rehearse.fabric.ask import Asks
from landbridge.rehearse.fabric.logs.deployed import LOGS, Subscription

OVERLAP = 10_000  # milliseconds
PAGE = 10_000  # lines of an answer; fewer = all that there are
MOST = 1_000  # lines of a message

Key = tuple[str, int, str]
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log stream, with an id that it has whenever it is read."""

    stream: str
    id: str
    timestamp: int
    message: str


@dataclass
class Followed:
    """A group from its filter's creation on."""

    subscription: Subscription
    _seen: Counter[Key] = field(default_factory=Counter)  # of the time that is read again
    _from: int = field(init=False)

    def __post_init__(self) -> None:
        self._from = self.subscription.since - OVERLAP

    def new(self, events: Iterable[Event], now: float) -> list[Line]:
        """What of that came since the last look; `events` were read at `now`, or after."""
        counted: Counter[Key] = Counter()
        found = []
        for event in events:
            key = (event["logStreamName"], event["timestamp"], event["message"])
            counted[key] += 1
            if counted[key] > self._seen[key] and event["ingestionTime"] >= self.subscription.since:
                found.append(Line(key[0], self._id(key, counted[key]), key[1], key[2]))
        self._from = max(self._from, int(now * 1000) - OVERLAP)
        self._seen = Counter({key: count for key, count in counted.items() if key[1] >= self._from})
        return found

    async def read(self, region: Asks) -> list[Event]:
        """By FilterLogEvents, page by page; a full page's last moment is read anew. May raise Unreachable or Refused."""
        asked = {"logGroupName": self.subscription.group, "filterPattern": self.subscription.pattern, "limit": PAGE}
        found: list[Event] = []
        start = self._from
        while True:
            page: list[Event] = (await region.ask("logs", f"{LOGS}.FilterLogEvents", startTime=start, **asked))["events"]
            if len(page) < PAGE:
                return found + page
            last = page[-1]["timestamp"]
            before = [event for event in page if event["timestamp"] < last]
            found += before or page
            start = last if before else last + 1

    def _id(self, key: Key, number: int) -> str:
        """56 digits, as CloudWatch's."""
        said = json.dumps([self.subscription.group, *key, number]).encode()
        return f"{int(hashlib.sha256(said).hexdigest(), 16) % 10**56:056}"


def messages(subscription: Subscription, lines: Iterable[Line]) -> Iterator[bytes]:
    """One a stream, or more where it has many lines; packed, as CloudWatch hands them to Firehose."""
    streams: dict[str, list[Line]] = {}
    for line in lines:
        streams.setdefault(line.stream, []).append(line)
    for stream, all_lines in streams.items():
        for first in range(0, len(all_lines), MOST):
            yield _message(subscription, stream, all_lines[first : first + MOST])


def _message(subscription: Subscription, stream: str, lines: Iterable[Line]) -> bytes:
    told = {
        "messageType": "DATA_MESSAGE",
        "owner": subscription.owner,
        "logGroup": subscription.group,
        "logStream": stream,
        "subscriptionFilters": [subscription.name],
        "logEvents": [{"id": line.id, "timestamp": line.timestamp, "message": line.message} for line in lines],
    }
    return gzip.compress(json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode(), mtime=0)
