"""Notes which calls to AWS a verb of landbridge makes, in whichever process it runs; on the path of those a test starts.

Python imports this module by itself. A rehearsal's own process is left out: it plays AWS, and is no operator.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

KEYS = ("TableName", "StreamName", "Bucket", "StackName", "FunctionName", "Name", "Names")
PLACE = os.environ.get("LANDBRIDGE_NOTED", "")
VERB = sys.orig_argv[sys.orig_argv.index("landbridge.cli") + 1 :] if "landbridge.cli" in sys.orig_argv else []
seen = set[str]()


def _names(params: Any) -> Iterator[tuple[str, str]]:
    """What the call is about, wherever that stands in it."""
    if isinstance(params, Mapping):
        for key, value in params.items():
            if key in KEYS:
                yield from ((key, name) for name in (value if isinstance(value, list) else [value]) if isinstance(name, str))
            else:
                yield from _names(value)
    elif isinstance(params, list):
        for each in params:
            yield from _names(each)


def _note(params: Mapping[str, Any], model: Any, **_rest: Any) -> None:
    """One line for each call, once; a line is appended in one piece."""
    line = json.dumps([model.service_model.service_name, model.name, sorted(set(_names(params)))])
    if line not in seen:
        seen.add(line)
        with open(PLACE, "a", encoding="utf-8") as noted:  # noqa: PTH123 - every process imports this: it must cost little
            noted.write(f"{line}\n")


def _noting() -> None:
    """From now on every client notes what it is asked."""
    from landbridge.aws.clients import Clients  # noqa: PLC0415

    make = Clients._make

    def made(self: Clients, service: str, region: Any, *, attempts: int) -> Any:
        client = make(self, service, region, attempts=attempts)
        client.meta.events.register("before-parameter-build", _note)
        return client

    Clients._make = made  # type: ignore[method-assign]


if PLACE and VERB and VERB[0] != "rehearse":
    _noting()
