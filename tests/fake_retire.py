"""What a platform is adopted and retired with, played in memory: it keeps state, and is under way until the world settles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landbridge.migrate.plans.retire import Leaving
from landbridge.migrate.steps.detach_member import Member
from landbridge.migrate.steps.report_residency import Place
from landbridge.migrate.steps.restore_backup import Trial
from tests.fake_regions import FakeStacks
from tests.fakes import SOURCE, TARGET


@dataclass
class FakeTakeover:
    """Two things, which change their owner when the world settles."""

    wanted: tuple[str, ...] = ("one", "two")
    takes_at_most: float = 1.0
    mine: list[str] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)
    going: list[str] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)

    def foreign(self) -> list[str]:
        """In order."""
        return [thing for thing in self.wanted if thing not in self.owned()]

    def moving(self) -> list[str]:
        """Coming or going."""
        return [*self.coming, *self.going]

    def broken(self) -> list[str]:
        """As laid out."""
        return list(self.in_the_way)

    def owned(self) -> list[str]:
        """What is ours, or nearly."""
        return [*self.mine, *self.moving()]

    def take(self, thing: str) -> None:
        """Coming from now on."""
        if thing not in self.owned():
            self.coming.append(thing)

    def give_back(self, thing: str) -> None:
        """Going from now on."""
        if thing in self.mine:
            self.mine.remove(thing)
            self.going.append(thing)

    def settle(self) -> None:
        """What came is ours, what went is theirs."""
        self.mine, self.coming, self.going = [*self.mine, *self.coming], [], []


@dataclass
class FakeUse:
    """Nobody comes, unless it is laid out; None = it can't be measured."""

    counts: dict[str, int] | None = field(default_factory=lambda: {"requests": 0, "writes of state": 0})
    asked_since: list[float] = field(default_factory=list)

    def seen(self, since: float) -> Mapping[str, int] | None:
        """As laid out."""
        self.asked_since.append(since)
        return self.counts


@dataclass
class FakeBackup:
    """A backup, and its trial, which is over when the world settles."""

    made: float | None = 999_000.0
    fails: str = ""
    tried: Trial | None = None

    def copied(self) -> float | None:
        """As laid out."""
        return self.made

    def trial(self) -> Trial | None:
        """The newest."""
        return self.tried

    def restore(self, turn: int) -> None:
        """Begun, unless one of this turn or a later one is there."""
        if self.tried is None or self.tried.turn < turn:
            self.tried = Trial(turn, over=False)

    def settle(self) -> None:
        """Over."""
        if self.tried:
            self.tried = Trial(self.tried.turn, over=True, compared=10, failure=self.fails)


@dataclass
class FakeEvidence:
    """A bucket that has the journal up to a record, once the world has settled."""

    kept: int = 0
    coming: int = 0

    def copying(self) -> bool:
        """Until it settles."""
        return bool(self.coming)

    def lacking(self, turn: int) -> list[str]:
        """The journal, when it is older."""
        return ["the journal"] if self.kept < turn else []

    def copy(self, turn: int) -> None:
        """Begun."""
        self.coming = max(self.coming, turn)

    def settle(self) -> None:
        """There."""
        self.kept, self.coming = max(self.kept, self.coming), 0


@dataclass
class FakeResidency:
    """Where things live, and the newest report."""

    things: list[Place] = field(default_factory=lambda: [Place("store", "state", TARGET), Place("log", "api", TARGET)])
    report_of: int = 0
    reports: list[tuple[Place, ...]] = field(default_factory=list)

    def places(self) -> Sequence[Place]:
        """As laid out."""
        return list(self.things)

    def reported(self, turn: int) -> bool:
        """By turn."""
        return self.report_of >= turn

    def report(self, places: Sequence[Place], turn: int) -> None:
        """Once a turn."""
        if not self.reported(turn):
            self.report_of = turn
            self.reports.append(tuple(places))


@dataclass
class FakeLeaving:
    """Everything around the beginning and the end of a platform's move; the source has two stacks and one member a kind."""

    estate: FakeTakeover = field(default_factory=FakeTakeover)
    tables: FakeTakeover = field(default_factory=lambda: FakeTakeover(("state", "pens")))
    use: FakeUse = field(default_factory=FakeUse)
    backup: FakeBackup = field(default_factory=FakeBackup)
    evidence: FakeEvidence = field(default_factory=FakeEvidence)
    members: dict[Member, FakeStacks] = field(
        default_factory=lambda: {kind: FakeStacks((), [f"{kind} of {SOURCE}"]) for kind in reversed(Member)}
    )
    stacks: FakeStacks = field(default_factory=lambda: FakeStacks((), ["tables", "api"]))
    residency: FakeResidency = field(default_factory=FakeResidency)
    untried: tuple[str, ...] = ()

    def port(self) -> Leaving:
        """As the plan takes it."""
        backups = {"state": self.backup}
        return Leaving(self.use, backups, self.evidence, self.tables, self.members, self.stacks, self.residency, self.untried)

    def settle(self) -> None:
        """What is under way arrives."""
        for taken in (self.estate, self.tables):
            taken.settle()
        for removed in (self.stacks, *self.members.values()):
            removed.settle()
        self.backup.settle()
        self.evidence.settle()

    def stands(self) -> dict[str, Any]:
        """Who owns what, and what the source still has."""
        return {
            "estate": (list(self.estate.mine), self.estate.moving()),
            "tables": (list(self.tables.mine), self.tables.moving()),
            "members": {str(kind): member.standing() for kind, member in self.members.items()},
            "source": self.stacks.standing(),
            "reported": bool(self.residency.reports),
        }
