"""Everything a rehearsal knows when it is over: the only thing judgement and report read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from landbridge.config.rehearsal import Fault
from landbridge.migrate.record import Kind, Record
from landbridge.model.region import Pair, Region
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.tally import Requests, Second, Stretch
from landbridge.rehearse.timeline import History


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One journal record in words; `at_s` is in seconds of the run."""

    number: int
    at_s: float
    who: str
    what: str
    why: str


def journal_lines(records: Iterable[Record], began: float) -> tuple[JournalLine, ...]:
    """The journal in words, without an engine's word that it still lives."""
    told = (record for record in records if not (record.kind is Kind.LEASE and record.why == "renewed"))
    return tuple(
        JournalLine(record.number, round(record.at - began, 3), record.who, f"{record.kind} {record.step}".strip(), record.why)
        for record in told
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something the emulated world could not do, by name, and what stood in for it."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Traded:
    """What the traders saw (all from the ledger and its tally)."""

    traders: int
    rate: float
    requests: Requests
    seconds: tuple[Second, ...]
    stretches: tuple[Stretch, ...]
    who: str = "traders"


@dataclass(frozen=True, slots=True)
class Worked:
    """A stretch of the run, and the processor seconds of each kind of process in it."""

    name: str
    seconds: float
    processor: Mapping[str, float]

    @property
    def at_once(self) -> float:
        """How many cores were at work on average."""
        return sum(self.processor.values()) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Living:
    """One thing of the platform and where it lives; `excuse` says why it may where nothing should."""

    kind: str
    thing: str
    region: str
    excuse: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One rehearsal. All times are seconds since the run began; `setup` says what each part of getting there took.

    `outcome` is what the engine came to ('done', 'rolled back', 'held' or 'failed') and `why` its own words for it.
    `done` is the headline of a run that was as it should be, and `promise` what it was to show, where a platform has words of
    its own for them.
    `began` is the date and hour for the reader. `command` repeats the run; `faults` were injected, and the moment of those in
    `missed` never came. With `and_back` the run went home again after the move; with `retired` the source
    was to be taken away after it. `memory` is the most that each kind of process held, in MB.
    """

    seed: int
    command: str
    began: str
    regions: Pair[Region]
    faults: tuple[Fault, ...]
    outcome: str
    why: str
    wall_s: float
    setup: Mapping[str, float]
    traded: Traded
    settled: tuple[Settled, ...]
    history: History
    journal: tuple[JournalLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    missed: tuple[Fault, ...] = ()
    and_back: bool = False
    worked: tuple[Worked, ...] = ()
    memory: Mapping[str, float] = field(default_factory=dict)
    retired: bool = False
    living: tuple[Living, ...] = ()  # as the residency report has it
    evidence: int = 0  # up to which record the journal lies in the customer's bucket
    done: str = ""
    promise: str = ""
