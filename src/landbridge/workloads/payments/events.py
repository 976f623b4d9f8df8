"""The payment function: works off a batch of events, each for itself, and answers which must be given again.

It never raises: a raise would give all of them again. What can't be used or contradicts the ledger is given again too,
until the queue has tried it as often as it should and sets it aside; nothing is thrown away.
"""

import functools
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.workloads.aws import client
from landbridge.workloads.payments.configuration import Configuration
from landbridge.workloads.payments.database import PostgresLedger
from landbridge.workloads.payments.event import event
from landbridge.workloads.payments.ledger import Contradicts, Known, Ledger, Taken, Unknown
from landbridge.workloads.payments.log import Log
from landbridge.workloads.postgres import Server

CALLS = {"connect": 1.0, "read": 2.0}
ALL_AGAIN = {"batchItemFailures": [{"itemIdentifier": ""}]}  # by an empty one the whole batch comes again


class Round:
    """One batch: how many events came to what, and which come again."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.counts: Counter[str] = Counter()
        self.again: list[str] = []
        self.failed: Exception | None = None

    def take(self, identifier: str, body: object) -> None:
        """One event; once the database did not answer, the rest is not tried: each try could last as long as the round may."""
        word = "untried" if self.failed else self._came_to(body)
        self.counts[word] += 1
        if word not in {"taken", "known"}:
            self.again.append(identifier)

    def _came_to(self, body: object) -> str:
        try:
            found = event(body if isinstance(body, str) else "")
        except BadInput:
            return "spoilt"
        match self._ledger.take(found):
            case Taken():
                return "taken"
            case Known():
                return "known"
            case Contradicts():
                return "contradicts"
            case Unknown(failed):
                self.failed = failed
                return "unknown"


@functools.cache
def ledger() -> PostgresLedger:
    """The container's ledger, as its region's configuration says."""
    region = os.environ["AWS_REGION"]
    told = Configuration(client("ssm", region, **CALLS), os.environ, time.monotonic)
    secrets = client("secretsmanager", region, **CALLS)
    return PostgresLedger(Server(secrets, address=told.writer, secret=told.secret, database=told.database))


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it in
    """Lambda's way in."""
    return answer(event, ledger, Log(sys.stderr, {"events"}))


def answer(event: Mapping[str, Any], make: Callable[[], Ledger], log: Log) -> dict[str, Any]:
    """What Lambda is told; one line of log that holds no event."""
    began = time.monotonic()
    try:
        records = [(str(record["messageId"]), record.get("body")) for record in event["Records"]]
        batch = Round(make())
        for identifier, body in records:
            batch.take(identifier, body)
    except Exception as error:  # the door of the function: whatever it is, the log gets its kind
        log("events", error, ms=(time.monotonic() - began) * 1000)
        return ALL_AGAIN
    log("events", batch.failed, **batch.counts, ms=(time.monotonic() - began) * 1000)
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in batch.again]}
