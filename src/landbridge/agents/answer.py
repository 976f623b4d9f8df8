"""Answers CloudFormation for a custom resource: always, and with an id that an update never changes."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

TRIES = 3
ROOM = 1_500  # characters of a reason; an answer may have 4,096 bytes

Send = Callable[[str, bytes], None]


def answered(event: Mapping[str, Any], act: Callable[[Mapping[str, Any]], str], first_id: Callable[[], str], send: Send) -> None:
    """Does `act` for the event and tells what came of it; whatever goes wrong is told as the reason, never kept back."""
    try:
        status, reason = "SUCCESS", act(event)
    except Exception as error:  # whatever it is: silence would hang the stack for an hour
        status, reason = "FAILED", f"{type(error).__name__}: {error}"
    told = {
        "Status": status,
        "Reason": reason[:ROOM],
        "PhysicalResourceId": event.get("PhysicalResourceId") or first_id(),
        **{name: event.get(name) for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
    body = json.dumps(told).encode()
    for _ in range(TRIES - 1):
        with suppress(OSError):
            send(str(event["ResponseURL"]), body)
            return
    send(str(event["ResponseURL"]), body)  # where this fails too, Lambda gives the event again, twice


def put(url: str, body: bytes) -> None:
    """To CloudFormation's own address."""
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 - CloudFormation's address
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
