"""Corrects what the emulator says of a table: it knows nothing of the regions in other processes.

`describe` is handed the table's description and gives it back as it should read.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Drop = Callable[[str, str], dict[str, Any] | None]  # table, region: what is told; None = the emulator is asked
UPDATE = "DynamoDB_20120810.UpdateTable"
Describe = Callable[[dict[str, Any]], dict[str, Any]]
ACTIONS = frozenset({"DynamoDB_20120810.DescribeTable", UPDATE})
MEMBERS = ("Table", "TableDescription")


def rewrites(headers: Mapping[str, str], status: int) -> bool:
    """Whether the answer to a call with these headers describes a table."""
    return status == 200 and headers.get("X-Amz-Target") in ACTIONS


def updates(headers: Mapping[str, str]) -> bool:
    """Whether a call with these headers changes a table."""
    return headers.get("X-Amz-Target") == UPDATE


def dropped(body: bytes, drop: Drop) -> bytes | None:
    """The answer to an update that takes away a replica which only the other region's emulator knows; None = to any other."""
    asked = json.loads(body)
    for update in asked.get("ReplicaUpdates", ()):
        if "Delete" in update and (told := drop(asked["TableName"], update["Delete"]["RegionName"])) is not None:
            return json.dumps({"TableDescription": told}, separators=(",", ":")).encode()
    return None


def rewritten(body: bytes, describe: Describe) -> bytes:
    """The same answer with the description corrected."""
    said = json.loads(body)
    for member in MEMBERS:
        if member in said:
            said[member] = describe(said[member])
    return json.dumps(said, separators=(",", ":")).encode()
