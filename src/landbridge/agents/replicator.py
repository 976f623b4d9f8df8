"""The replicator: copies a region's live stream into the other side's mirror, and acknowledges what is stored, no more.

It is the function behind the live stream's event source mapping. It never refuses by raising: whatever it could not
do is given back from the first such record on, and the mapping brings it again. It logs numbers, never what records hold.
"""

import functools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TextIO

from landbridge.agents.aws import client
from landbridge.agents.delivery import Delivery, Mirror, Tally
from landbridge.agents.lines import Letter, Record, Sorted, shard_of
from landbridge.agents.mirror_stream import MirrorStream
from landbridge.agents.set_aside import SetAside
from landbridge.model.errors import BadInput, LandbridgeError

PUT = {"connect": 2.0, "read": 5.0}
KEEP = {"connect": 1.0, "read": 4.0}
SPARE_MS = 9_000  # one more request of either kind, and the answer


class Aside(Protocol):
    """Where records go that can't be copied."""

    def keep(self, letters: Sequence[Letter]) -> bool:
        """Whether all of them are kept; False = they must be given again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the function's environment tells: whose records, and where to."""

    region: str
    live_arn: str
    mirror_region: str
    mirror: str
    bucket: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Refused where a name is missing, or the mirror would be in the region of the live stream."""
        names = ("AWS_REGION", "LIVE_STREAM_ARN", "MIRROR_REGION", "MIRROR_STREAM", "SET_ASIDE_BUCKET")
        if missing := [name for name in names if not environment.get(name)]:
            raise BadInput("replicator", f"has no {', '.join(missing)} in its environment", "deploy its stack again")
        made = cls(*(environment[name] for name in names))
        if made.region == made.mirror_region:
            raise BadInput("replicator", "would copy within its own region", "set MIRROR_REGION to the other one")
        return made


@dataclass(frozen=True)
class Replicator:
    """Copies batches of one live stream."""

    region: str
    live_arn: str
    mirror: Mirror
    aside: Aside
    sleep: Callable[[float], None]
    chance: Callable[[], float]

    def copy(self, records: Sequence[Record], remaining_ms: Callable[[], int], tally: Tally) -> int | None:
        """The place of the first record to be given again, or None = every one is stored or set aside."""
        if any(record["eventSourceARN"] != self.live_arn for record in records):
            raise BadInput("replicator", "is given records that are not its live stream's", "let it read that stream alone")
        delivery = Delivery(self.mirror, lambda: remaining_ms() > SPARE_MS, self.sleep, self.chance, tally)
        found = Sorted.of(records, self.region)
        if not found.letters or self.aside.keep(found.letters):
            tally.set_aside += len(found.letters)
            return _send(delivery, found)
        end = found.letters[0].place
        first = _send(delivery, Sorted.of(records[:end], self.region)) if end else None
        return end if first is None else first


def _send(delivery: Delivery, found: Sorted) -> int | None:
    """One line-up after the other; the place of the first record that is not known to be stored, or None."""
    for lines in found.lines:
        if (first := delivery.send(lines)) is not None:
            return first
    return None


@functools.cache
def replicator() -> Replicator:
    """The container's replicator, from its environment; a failure is not kept, so the next call tries again."""
    settings = Settings.of(os.environ)
    mirror = MirrorStream(client("kinesis", settings.mirror_region, **PUT), settings.mirror, settings.mirror_region)
    aside = SetAside(client("s3", settings.region, **KEEP), settings.bucket)
    return Replicator(settings.region, settings.live_arn, mirror, aside, time.sleep, random.SystemRandom().random)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's way in."""
    return answer(event["Records"], context.get_remaining_time_in_millis, replicator, sys.stderr)


def answer(
    records: Sequence[Record], remaining_ms: Callable[[], int], made: Callable[[], Replicator], log: TextIO
) -> dict[str, Any]:
    """What Lambda is told: nothing to repeat, or from which record on. One line of numbers goes into the log."""
    tally, why = Tally(), ""
    try:
        first = made().copy(records, remaining_ms, tally)
    except LandbridgeError as error:
        first, why = 0, str(error)
    except Exception as error:  # whatever it is, the batch must come again; its text might hold a record's
        first, why = 0, type(error).__name__
    back = 0 if first is None else len(records) - first
    said = {"shard": shard_of(records[0]), "records": len(records), "given_back": back, "why": why, **asdict(tally)}
    log.write(json.dumps(said) + "\n")
    failures = [] if first is None else [{"itemIdentifier": records[first]["kinesis"]["sequenceNumber"]}]
    return {"batchItemFailures": failures}
