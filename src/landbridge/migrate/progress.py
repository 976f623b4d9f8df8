"""Where the running plan stands, folded from the journal's records one by one; nothing else is remembered."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from landbridge.migrate.record import Ask, Kind, Record
from landbridge.migrate.step import State, Verb


class Direction(StrEnum):
    """Which way the engine walks."""

    FORWARD = "forward"
    BACK = "back"


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    ROLLED_BACK = "rolled back"
    GIVEN_UP = "given up"  # a region was lost under it, and another plan seizes what it moved


@dataclass(slots=True)
class Progress:
    """What a run's records add up to. Openings, and what may still arrive, are remembered over all runs of the chain."""

    plan: str = ""
    plan_name: str = ""
    direction: Direction = Direction.FORWARD
    back_through: str = ""  # the first phase to go back through; empty = all of them
    turned_why: str = ""
    outcome: Outcome | None = None
    run: int = 0  # the number of the record it began with
    starter: str = ""  # who began it
    asked: list[Record] = field(default_factory=list)  # what operators decided and nobody has answered yet, oldest first
    paused: bool = False
    held_at: str = ""  # the step to go no further than; empty = none
    approvals: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # of each phase, by whom
    entered: dict[str, float] = field(default_factory=dict)
    done_at: dict[str, float] = field(default_factory=dict)
    before: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    last_found: dict[str, Record] = field(default_factory=dict)
    reverted: set[str] = field(default_factory=set)
    _intents: dict[tuple[str, Verb], list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    awake_since: float = 0.0  # since when an engine has looked without a pause longer than its lease
    settles_at: float = 0.0  # when no act whose answer was lost can arrive any more
    _openings: dict[str, int] = field(default_factory=dict)
    _looked: tuple[float, float] = (0.0, 0.0)  # when an engine's newest record was written, and the seconds of its lease
    _began: dict[str, float] = field(default_factory=dict)

    def take(self, record: Record) -> "Progress":
        """The standing after one more record."""
        self._look(record)
        match record.kind:
            case Kind.PLAN:
                return self._begun(record)
            case Kind.ENTERED:
                self.entered[record.step] = record.at
            case Kind.INTENT:
                self._intend(record)
            case Kind.FOUND:
                self._find(record)
            case Kind.TURNED:
                self._turn(record)
            case Kind.REVERTED:
                self.reverted.add(record.step)
                self.done_at.pop(record.step, None)
            case Kind.ENDED:
                self.outcome = Outcome(record.data["outcome"])
            case Kind.ASKED:
                self.asked.append(record)
            case Kind.ANSWERED:
                self._answer(record)
        return self

    def _begun(self, record: Record) -> "Progress":
        starter = record.data.get("starter", record.who)
        return Progress(
            record.data["hash"],
            record.data["name"],
            run=record.number,
            starter=starter,
            awake_since=self.awake_since,
            settles_at=self.settles_at,
            _openings=self._openings,
            _looked=self._looked,
        )

    def _look(self, record: Record) -> None:
        if not record.term:  # an operator's record shows no engine at work
            return
        before, lease = self._looked
        if record.at - before > lease:
            self.awake_since = record.at
        self._looked = (record.at, record.data["seconds"] if record.kind is Kind.LEASE else lease)

    def _intend(self, record: Record) -> None:
        verb = Verb(record.data["verb"])
        self._intents[record.step, verb].append((record.number, record.at))
        if verb is Verb.APPLY:
            self.before.setdefault(record.step, record.data["before"])
            self.reverted.discard(record.step)
            if not record.data.get("repair"):  # a setting that is only set again has been judged before
                self.done_at.pop(record.step, None)
        if place := record.data.get("opens"):
            self._openings[place] = record.number

    def _find(self, record: Record) -> None:
        self.last_found[record.step] = record
        self.settles_at = max(self.settles_at, record.at + record.data.get("may_arrive_s", float("-inf")))
        if record.data["state"] == State.DONE:
            self.done_at[record.step] = record.at
            if "began" in record.data:
                self._began[record.step] = record.data["began"]

    def _turn(self, record: Record) -> None:
        self.direction = Direction(record.data["direction"])
        self.back_through = record.data["through"]
        self.turned_why = record.why
        self.paused, self.held_at = False, ""
        self._settle(record)

    def _answer(self, record: Record) -> None:
        self._settle(record)
        if not record.data["honoured"]:
            return
        match Ask(record.data["what"]):
            case Ask.PAUSE:
                self.paused = True
            case Ask.RESUME:
                self.paused, self.held_at = False, ""
            case Ask.HOLD:
                self.held_at = record.step
            case Ask.APPROVE:
                self.approvals[record.step].append(record.data["by"])

    def _settle(self, record: Record) -> None:
        self.asked = [asked for asked in self.asked if asked.number != record.data.get("asked")]

    def intents(self, step: str, verb: Verb) -> tuple[tuple[int, float], ...]:
        """Number and time of each intent of a step in this run, oldest first."""
        return tuple(self._intents.get((step, verb), ()))

    def found_done(self, step: str) -> float | None:
        """When the step was last found done in this run; None = not, or reverted since."""
        return self.done_at.get(step)

    def began(self, step: str) -> float | None:
        """When the look began by which the step was last found done, as its figures say; None = they don't, or not done."""
        return self._began.get(step) if step in self.done_at else None

    def figures(self, step: str) -> Mapping[str, Any]:
        """The figures of the newest look at a step in this run; empty before the first."""
        found = self.last_found.get(step)
        return found.data if found else {}

    def last_opening(self, place: str) -> int:
        """The number of the newest intent, in the whole chain, to open this pen; 0 = none."""
        return self._openings.get(place, 0)
