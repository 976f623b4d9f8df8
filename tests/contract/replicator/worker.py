"""The function in a process of its own: a batch a line in, an answer a line out; letters go into a folder."""

import json
import random
import sys
import time
from pathlib import Path

from tests.contract.replicator.live import ARN, REGION
from tests.contract.replicator.mapping import mirror_at

from landbridge.agents.replicator import Replicator, answer
from landbridge.agents.set_aside import SetAside


class Folder:
    """Objects as files that are there whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803 - as boto3 spells it
        """Under the end of its key."""
        made = self._path / "being-written"
        made.write_bytes(Body)
        made.rename(self._path / Key.replace("/", "-"))


def main(url: str, folder: str) -> None:
    """Until nobody sends batches any more."""
    aside = SetAside(Folder(Path(folder)), "aside")
    made = Replicator(REGION, ARN, mirror_at(url), aside, time.sleep, random.SystemRandom().random)
    for line in sys.stdin:
        said = answer(json.loads(line), lambda: 60_000, lambda: made, sys.stderr)
        print(json.dumps(said), flush=True)  # noqa: T201 - it is what is asked for


if __name__ == "__main__":
    main(*sys.argv[1:])
