"""One trader: keeps own views up to date, looks at them and at others', and notices every wrong answer."""

from collections.abc import Sequence
from random import Random
from typing import Any

from landbridge.model.wire import SEEN_HEADER
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.settle import Key, Write
from landbridge.rehearse.traders.answers import version_of, wrong_read, wrong_write
from landbridge.rehearse.traders.items import VIEWS, value, write_id
from landbridge.rehearse.traders.line import Line

VIEWER_HEADER = "x-viewer"
OWN_SHARE = 0.6  # of reads, the rest looks at what others wrote
DELETE_SHARE = 0.03  # of writes


class Trader:
    """Never sends a key's next version before the one before is settled; a write without a known end ends that key."""

    def __init__(self, name: str, ledger: Ledger, everyone: Sequence[Key], random: Random) -> None:
        self._name = name
        self._ledger = ledger
        self._everyone = everyone
        self._random = random
        self._keys = tuple((name, view) for view in VIEWS)
        self._versions = {key: int(ledger.was_loaded(key)) for key in self._keys}
        self._seen: dict[Key, int] = dict(self._versions)
        self._free = set(self._keys)

    async def turn(self, line: Line, due: float, *, wants_to_write: bool) -> None:
        """One write or one read; a trader whose views all wait for an answer looks instead."""
        free = [key for key in self._keys if key in self._free]
        if wants_to_write and free:
            await self._write(line, due, self._next_write(self._random.choice(free)))
        else:
            own = self._random.random() < OWN_SHARE
            await self._read(line, due, self._random.choice(self._keys if own else self._everyone))

    def _next_write(self, key: Key) -> Write:
        self._free.discard(key)
        self._versions[key] += 1
        deleted = self._random.random() < DELETE_SHARE
        return Write(*key, self._versions[key], write_id(self._random), value(self._random), deleted)

    async def _write(self, line: Line, due: float, write: Write) -> None:
        request = self._ledger.ask(self._name, "PUT", write.key, due, write)
        body: dict[str, Any] = {"version": write.version, "write_id": write.write_id, "value": write.value}
        answer = await line.ask(request, {VIEWER_HEADER: self._name}, {**body, "deleted": True} if write.deleted else body)
        if answer is None:
            return
        if why := wrong_write(answer, write):
            self._ledger.wronged(request, why)
            return
        self._ledger.accepted(request, write)
        self._saw(write.key, write.version)
        self._free.add(write.key)

    async def _read(self, line: Line, due: float, key: Key) -> None:
        seen = self._seen.get(key, 0)
        request = self._ledger.ask(self._name, "GET", key, due)
        headers = {VIEWER_HEADER: self._name} | ({SEEN_HEADER: str(seen)} if seen else {})
        answer = await line.ask(request, headers)
        if answer is None:
            return
        if is_behind := bool(answer.body.get("behind")):
            self._ledger.stumbled(request, f"{answer.status} from {answer.region}, behind")
        if why := wrong_read(answer, key, 0 if is_behind else seen, self._ledger):
            self._ledger.wronged(request, why)
            return
        self._saw(key, version_of(answer))

    def _saw(self, key: Key, version: int) -> None:
        self._seen[key] = max(version, self._seen.get(key, 0))
