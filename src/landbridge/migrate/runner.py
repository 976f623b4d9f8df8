"""The runner: ticks an engine until its plan has ended, a person is needed, or another engine works.

The heart beats in a thread of its own, so that the lag it measures is the copy's and never the engine's.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal
from landbridge.migrate.permission import STOPPED_BY
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind, Record
from landbridge.model.errors import LeaseHeld, Refused, Unreachable


class Ended(StrEnum):
    """How a run of the runner came to its end."""

    DONE = "done"
    ROLLED_BACK = "rolled back"
    HELD = "held"
    GIVEN_UP = "given up"
    UNFINISHED = "unfinished"  # its own time is over: another goes on


@dataclass(frozen=True)
class Runner:
    """Time is handed in; nothing here remembers anything the journal does not."""

    engine: Engine
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    tick_seconds: float
    patience_seconds: float
    tell: Callable[[str], None]
    show: Callable[[Record], None] = lambda _record: None  # every record of the journal, as it is written
    over: Callable[[], bool] = lambda: False  # whether whoever runs it has no more time

    def run(self) -> Ended:
        """Tick until the end, or until there is no more time. LeaseHeld when another engine is alive and working."""
        held_since: float | None = None
        told, shown = "", len(self.engine.journal.records)
        while True:
            tick = self._tick()
            for record in self.engine.journal.records[shown:]:
                self.show(record)
            shown = len(self.engine.journal.records)
            if (stop := self._stop()) != told:
                told = stop
                self.tell(stop or "going on")
            if tick is Tick.ENDED:
                return Ended(Outcome(str(self.engine.journal.progress.outcome)))
            held_since = (held_since or self.clock()) if tick is Tick.HELD else None
            if held_since is not None and self.clock() - held_since > self.patience_seconds:
                return Ended.HELD
            if self.over():
                return Ended.UNFINISHED
            if tick is not Tick.MOVED:
                self.sleep(self.tick_seconds)

    def _stop(self) -> str:
        """Why the newest look must wait for the calendar or for people; empty = it need not."""
        newest = next((record for record in reversed(self.engine.journal.records) if record.kind is Kind.FOUND), None)
        return newest.why if newest and STOPPED_BY in newest.data else ""

    def _tick(self) -> Tick:
        try:
            return self.engine.advance()
        except Unreachable as silent:
            self.tell(str(silent))
            return Tick.WAITING

    def wait_for_lease(self) -> None:
        """A dead engine's lease runs out and is taken; a living one's is renewed, and then this one gives up.

        A journal that stays silent for the engine's patience is given up too: nothing was begun yet.
        """
        term_end: float | None = None
        began = self.clock()
        while True:
            try:
                self.engine.journal.refresh()
                self.engine.journal.hold_lease()
            except Unreachable:
                if self.clock() - began > self.patience_seconds:
                    raise
            except LeaseHeld as held:
                if term_end is not None and held.until > term_end:
                    raise
                if term_end is None:
                    self.tell(
                        f"engine {held.holder} holds the lease for {held.until - held.now:.0f} s more; waiting to see if it lives"
                    )
                term_end = held.until
            else:
                return
            self.sleep(self.tick_seconds)


@contextlib.contextmanager
def released(journal: Journal) -> Iterator[None]:
    """Whoever comes next need not wait for the lease of an engine that ended in good order, Ctrl-C included."""
    try:
        yield
    finally:
        with contextlib.suppress(Unreachable):  # then it runs out by itself
            journal.release()


@contextlib.contextmanager
def beating(beat: Callable[[], None], every: float, patience: float | None = None) -> Iterator[None]:
    """A heartbeat is written at the source, every so often, as long as the block lasts; its last one is waited for so long."""
    stopped = threading.Event()

    def keep_beating() -> None:
        while not stopped.wait(every):
            with contextlib.suppress(Unreachable, Refused):  # a missed beat is just what the lag shows
                beat()

    thread = threading.Thread(target=keep_beating, name="heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(patience)
