"""How long does one tick of the engine take when the world answers at once? Limit: 1 ms.

The peer measured beside it is what every journal must pay for a record: its text and its SHA-256.
"""

import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.record import Record
from landbridge.migrate.step import Context, Look, Seen, State, Step

LIMIT_MICROSECONDS = 1000.0
PHASES, STEPS = 6, 4
ROUNDS = 5000


@dataclass
class Chain:
    """A journal's table that answers from memory."""

    chain: str = "bench"
    records: list[Record] = field(default_factory=list)

    def after(self, number: int) -> list[Record]:
        """What is above this number."""
        return self.records[number:]

    def put(self, record: Record) -> bool:
        """Takes the record when its number is next."""
        if record.number != len(self.records) + 1:
            return False
        self.records.append(record)
        return True


@dataclass(frozen=True)
class Fixed(Look):
    """Always sees the same, so that only the engine's own work is timed."""

    name: str
    state: State

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"see {self.state}"

    def check(self, context: Context) -> Seen:
        """Costs nothing."""
        del context
        return Seen(self.state, "as ever", {"lag_ms": 12})


def engine(last: State) -> Engine:
    """A plan of the real one's size; all its steps are done but the last."""
    names = [[f"step_{phase}_{number}" for number in range(STEPS)] for phase in range(PHASES)]
    rows: list[tuple[Step, ...]] = [tuple(Fixed(name, State.DONE) for name in row) for row in names]
    rows[-1] = (*rows[-1][:-1], Fixed(names[-1][-1], last))
    plan = Plan("bench", tuple(Phase(f"phase_{number}", row) for number, row in enumerate(rows)))
    made = Engine(plan, Journal(Chain(), "bench", time.time, lease_seconds=600.0, skew_bound=2.0))
    while sum(record.kind == "found" for record in made.journal.records) < PHASES * STEPS - 1:
        made.advance()
    made.advance()
    return made


def timed(work: Callable[[], object]) -> list[float]:
    """The microseconds of each round, shortest first."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return sorted(1e6 * each for each in seconds)


def main() -> int:
    """Prints the table; 1 when a tick took longer than its limit."""
    waits, acts = engine(State.WAITING), engine(State.READY)
    if (waits.advance(), acts.advance()) != (Tick.WAITING, Tick.MOVED):
        raise AssertionError("the bench does not measure what it says")
    body = json.loads(acts.journal.records[-1].body())
    rows = {
        "tick that looks and waits": timed(waits.advance),
        "tick that writes an intent and acts": timed(acts.advance),
        "peer: one record's text and hash": timed(lambda: hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()),
    }
    peer = statistics.median(list(rows.values())[-1])
    print(f"{'':38}{'median us':>10}{'p99 us':>10}{'x peer':>8}")
    for name, row in rows.items():
        print(f"{name:38}{statistics.median(row):10.1f}{row[int(ROUNDS * 0.99)]:10.1f}{statistics.median(row) / peer:8.1f}")
    slowest = max(statistics.median(row) for row in rows.values())
    print(f"limit {LIMIT_MICROSECONDS:.0f} us a tick: {'kept' if slowest < LIMIT_MICROSECONDS else 'BROKEN'}")
    return int(slowest >= LIMIT_MICROSECONDS)


if __name__ == "__main__":
    sys.exit(main())
