"""Names of Firehose's objects: the prefix with its expressions worked out, the stream, its version, the time, a unique end."""

import random
import re
import uuid
from datetime import UTC, datetime

from landbridge.rehearse.fabric.logs.deployed import Stream

EXPRESSION = re.compile(r"!\{(timestamp|firehose):([^}]*)\}")
PARTS = (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"))
HOURS = "%Y/%m/%d/%H/"  # what Firehose puts after a prefix that has no expression
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def name(stream: Stream, arrived: float, chance: random.Random) -> str:
    """`arrived` is when the oldest record did, in seconds."""
    when = datetime.fromtimestamp(arrived, UTC)
    unique = uuid.UUID(int=chance.getrandbits(128), version=4)
    end = ".gz" if stream.compressed else ""
    return f"{_prefix(stream.prefix, when, chance)}{stream.name}-{stream.version}-{when:%Y-%m-%d-%H-%M-%S}-{unique}{end}"


def _prefix(written: str, when: datetime, chance: random.Random) -> str:
    """An expression that is not played stays as it is written, for all to see."""

    def worked_out(found: re.Match[str]) -> str:
        if found[1] == "timestamp":
            pattern = found[2]
            for theirs, ours in PARTS:
                pattern = pattern.replace(theirs, ours)
            return when.strftime(pattern)
        return "".join(chance.choices(LETTERS, k=11)) if found[2] == "random-string" else found[0]

    return EXPRESSION.sub(worked_out, written) if EXPRESSION.search(written) else written + when.strftime(HOURS)
