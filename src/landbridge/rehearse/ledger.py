"""The ledger outside both regions: everything sent and answered, written down before it is believed.

Each line goes to the file in one unbuffered write, so a killed rehearsal loses nothing it had seen; that costs a few
microseconds a line. `clock` counts seconds since the run began, the same for everyone who reports on it.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from landbridge.model.state import StateItem
from landbridge.rehearse.settle import Copies, Key, Write, WritesVerdict, settle
from landbridge.rehearse.tally import Tally


@dataclass(frozen=True, slots=True)
class Request:
    """One thing a trader wants of a resource, from the moment it was due."""

    number: int
    trader: str
    method: str
    key: tuple[str, ...]
    due: float
    resource: str = "state"


class Ledger:
    """Remembers and counts; the judge of what a right answer is."""

    def __init__(self, path: Path, clock: Callable[[], float], slow_seconds: float) -> None:
        self.tally = Tally(slow_seconds)
        self._clock = clock
        self._file = path.open("ab", buffering=0)
        self._number = 0
        self._writes: dict[str, Write] = {}
        self._accepted: set[str] = set()
        self._loaded: dict[Key, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the file; more than once does no harm."""
        self._file.close()

    def load(self, items: Iterable[StateItem]) -> None:
        """Takes note of what the platform holds before anything moves; the seed remakes these, so one line says how many."""
        for item in items:
            write = Write(item.user, item.view, item.version, item.write_id, item.value, item.deleted)
            self._writes[write.write_id] = write
            self._loaded[write.key] = write.write_id
        self._append("loaded", items=len(self._loaded))

    def ask(
        self, trader: str, method: str, key: tuple[str, ...], due: float, write: Write | None = None, *, resource: str = "state"
    ) -> Request:
        """Opens a request, and names the write it carries."""
        self._number += 1
        request = Request(self._number, trader, method, key, due, resource)
        if write is not None:
            self._writes[write.write_id] = write
        self.tally.asked()
        self._append("asked", **asdict(request), write=asdict(write) if write else None)
        return request

    def stumbled(self, request: Request, what: str) -> None:
        """One attempt brought nothing; the request goes on."""
        self.tally.stumbled(self._clock(), what)
        self._append("stumbled", number=request.number, error=what)

    def answered(self, request: Request, region: str, status: int) -> None:
        """The request is over: a region answered."""
        now = self._clock()
        self.tally.answered(request.due, now, region, request.resource if request.method == "PUT" else None)
        self._append("answered", number=request.number, region=region, status=status, seconds=round(now - request.due, 6))

    def accepted(self, request: Request, write: Write) -> None:
        """The write was promised to its owner: from now on it may not get lost."""
        self._accepted.add(write.write_id)
        self._append("accepted", number=request.number, write_id=write.write_id)

    def failed(self, request: Request, why: str) -> None:
        """The request is over: it was given up."""
        self.tally.failed()
        self._append("failed", number=request.number, why=why)

    def wronged(self, request: Request, why: str) -> None:
        """The answer to this request was wrong."""
        self.tally.wronged()
        self._append("wrong", number=request.number, why=why)

    def note(self, what: str, **fields: Any) -> None:
        """A line about something that is settled elsewhere."""
        self._append(what, **fields)

    def was_loaded(self, key: Key) -> bool:
        """Whether the platform held this key before anything moved."""
        return key in self._loaded

    def write_of(self, write_id: str) -> Write | None:
        """The write that was sent under this id; None when none ever was."""
        return self._writes.get(write_id)

    def settle(self, copies: Copies) -> WritesVerdict:
        """Compares everything sent with each standing region's whole state table."""
        verdict = settle(self._writes.values(), frozenset(self._accepted), frozenset(self._loaded.values()), copies)
        self._append(
            "settled", accepted=verdict.accepted, lost=verdict.lost, doubled=verdict.doubled, differing=verdict.differing
        )
        return verdict

    def _append(self, what: str, **fields: Any) -> None:
        self._file.write(orjson.dumps({"at": round(self._clock(), 6), "what": what, **fields}) + b"\n")
