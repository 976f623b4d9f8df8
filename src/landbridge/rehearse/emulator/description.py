"""Corrects what the emulator says of a table: it knows nothing of the regions in other processes.

`describe` is handed the table's description and gives it back as it should read.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Describe = Callable[[dict[str, Any]], dict[str, Any]]
ACTIONS = frozenset({"DynamoDB_20120810.DescribeTable", "DynamoDB_20120810.UpdateTable"})
MEMBERS = ("Table", "TableDescription")


def rewrites(headers: Mapping[str, str], status: int) -> bool:
    """Whether the answer to a call with these headers describes a table."""
    return status == 200 and headers.get("X-Amz-Target") in ACTIONS


def rewritten(body: bytes, describe: Describe) -> bytes:
    """The same answer with the description corrected."""
    said = json.loads(body)
    for member in MEMBERS:
        if member in said:
            said[member] = describe(said[member])
    return json.dumps(said, separators=(",", ":")).encode()
