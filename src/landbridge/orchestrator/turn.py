"""One turn: an engine ticks for a bounded time under its own lease, and tells what must come next.

Whoever calls may call at any moment, twice at once, or again after a call that was killed: of two engines the journal's
lease lets one work, and what a dead one had begun is found by looking. A turn that is over does not end in the midst of
a pen's move unless its process must.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from landbridge.migrate.decisions import writers_wait
from landbridge.migrate.permission import APPROVALS, STOPPED_BY
from landbridge.migrate.record import Kind
from landbridge.migrate.runner import Ended, Runner, released
from landbridge.model.errors import BadInput, ChainBroken, LandbridgeError, LeaseHeld

AT_ONCE, SOON, LATER = 1, 10, 30  # seconds until the next turn: more to do, something is silent, a person must decide
PATIENCE = 10.0  # how long a turn itself waits for a person; the machine's waiting costs less


class Next(StrEnum):
    """What the state machine does next."""

    AGAIN = "again"
    HELD = "held"  # again, and a person is told
    DONE = "done"
    ROLLED_BACK = "rolled back"
    GIVEN_UP = "given up"
    NOTHING = "nothing"  # no run was ever begun


NEXT = {
    Ended.DONE: Next.DONE,
    Ended.ROLLED_BACK: Next.ROLLED_BACK,
    Ended.GIVEN_UP: Next.GIVEN_UP,
    Ended.HELD: Next.HELD,
    Ended.UNFINISHED: Next.AGAIN,
}
WAIT = {Next.AGAIN: AT_ONCE, Next.HELD: LATER}


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes next, in how many seconds, and why: never a traceback."""

    next: Next
    wait: int
    why: str

    @classmethod
    def of(cls, what: Next, why: str) -> "Answer":
        """With the wait that goes with it."""
        return cls(what, WAIT.get(what, 0), why)

    def data(self) -> dict[str, Any]:
        """As the state machine reads it."""
        return asdict(self)


@dataclass(frozen=True)
class Turn:
    """A runner's, until one time has come, or at the latest until another."""

    runner: Runner
    ends: float
    must_end: float
    alive: Callable[[], AbstractContextManager[None]] = nullcontext  # what lives beside an engine that works

    def take(self) -> Answer:
        """Tick until the run has ended, a person is needed, or the turn is over; a turn begins no run."""
        engine = self.runner.engine
        progress = engine.journal.progress
        if progress.outcome or not progress.plan:
            return Answer.of(Next(str(progress.outcome)) if progress.outcome else Next.NOTHING, "no run is open")
        if progress.plan != engine.plan.hash:
            what = f"is told a plan {engine.plan.hash}, and {progress.plan_name} {progress.plan} is under way"
            raise BadInput("the state machine", what, "hand the run over again with the configuration it began with")
        engine.journal.hold_lease()
        with released(engine.journal), self.alive():
            runner = replace(self.runner, over=self._over, patience_seconds=min(PATIENCE, self.runner.patience_seconds))
            return self._answer(runner.run())

    def _over(self) -> bool:
        now, engine = self.runner.clock(), self.runner.engine
        return now >= self.must_end or (now >= self.ends and not writers_wait(engine.plan, engine.journal.progress))

    def _answer(self, ended: Ended) -> Answer:
        """An unfinished turn that lacks approvals is told to people, and taken up at once: the gate judges what stands."""
        records = reversed(self.runner.engine.journal.records)
        newest = next((each for each in records if each.kind is Kind.FOUND), None)
        if newest is None:
            return Answer.of(NEXT[ended], "it has begun")
        why = f"{newest.step}: {newest.why}"
        if ended is Ended.UNFINISHED and newest.data.get(STOPPED_BY) == APPROVALS:
            return Answer(Next.HELD, AT_ONCE, why)
        return Answer.of(NEXT[ended], why)


def answered(turn: Callable[[], Answer]) -> Answer:
    """The turn's answer, or what kept it from one; whatever it is, the machine goes on."""
    try:
        return turn()
    except LeaseHeld as held:
        left = math.ceil(held.until - held.now)
        return Answer(Next.AGAIN, min(max(left, AT_ONCE), LATER), str(held))
    except (BadInput, ChainBroken) as wrong:
        return Answer.of(Next.HELD, str(wrong))
    except LandbridgeError as no:
        return Answer(Next.AGAIN, SOON, str(no))
    except Exception as defect:
        return Answer(Next.HELD, LATER, f"a defect of landbridge itself: {type(defect).__name__}: {defect}{_at(defect)}")


def _at(defect: BaseException) -> str:
    """Where it was raised, for whoever mends it."""
    trace = defect.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
