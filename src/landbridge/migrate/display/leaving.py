"""A source that goes, imagined: each call that would change something tells it in one sentence, and it counts as done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from landbridge.migrate.display.world import Tell
from landbridge.migrate.plans.retire import Leaving
from landbridge.migrate.steps.detach_member import SAID, Member
from landbridge.migrate.steps.report_residency import Place
from landbridge.migrate.steps.restore_backup import Trial
from landbridge.model.region import Pair, Region


@dataclass
class Things:
    """What is taken over or away, one after the other."""

    tell: Tell
    does: str
    left: list[str]
    ours: list[str] = field(default_factory=list)
    takes_at_most: float = 0.0

    def standing(self) -> list[str]:
        """What is left."""
        return list(self.left)

    def foreign(self) -> list[str]:
        """The same."""
        return list(self.left)

    def owned(self) -> list[str]:
        """What was taken."""
        return list(self.ours)

    def moving(self) -> list[str]:
        """None: each is over at once."""
        return []

    def broken(self) -> list[str]:
        """None."""
        return []

    def take(self, thing: str) -> None:
        """Tells it."""
        self.tell(f"{self.does} {thing}")
        self.left.remove(thing)
        self.ours.append(thing)

    def remove(self, thing: str) -> None:
        """Tells it."""
        self.take(thing)

    def give_back(self, thing: str) -> None:
        """Tells it."""
        self.tell(f"give {thing} back")
        self.ours.remove(thing)
        self.left.append(thing)


@dataclass(frozen=True)
class Use:
    """Nobody comes."""

    def seen(self, since: float) -> Mapping[str, int]:  # noqa: ARG002 nothing is measured
        """None of anything."""
        return {"requests": 0}


@dataclass
class Backup:
    """A store's newest backup, which is whole."""

    tell: Tell
    store: str
    target: Region
    clock: Callable[[], float]
    tried: Trial | None = None

    def copied(self) -> float:
        """Just now."""
        return self.clock()

    def trial(self) -> Trial | None:
        """The one that was told."""
        return self.tried

    def restore(self, turn: int) -> None:
        """Tells it."""
        self.tell(f"restore the newest backup of {self.store} in {self.target} beside it, compare it, and clear it away")
        self.tried = Trial(turn, over=True)


@dataclass
class Papers:
    """The evidence and the report of where everything lives, which are there as soon as they are written."""

    tell: Tell
    target: Region
    kept: int = 0
    written: int = 0

    def copying(self) -> bool:
        """It takes no time."""
        return False

    def lacking(self, turn: int) -> list[str]:
        """The journal, until it is copied."""
        return [] if self.kept >= turn else ["the journal"]

    def copy(self, turn: int) -> None:
        """Tells it."""
        self.tell(f"copy the journal up to this record into the customer's bucket in {self.target}")
        self.kept = turn

    def places(self) -> list[Place]:
        """Everything is where it should be."""
        return [Place("store", "everything", self.target)]

    def reported(self, turn: int) -> bool:
        """Once it was told."""
        return self.written >= turn

    def report(self, places: Sequence[Place], turn: int) -> None:
        """Tells it."""
        del places
        self.tell(f"write the report of where everything lives into the customer's bucket in {self.target}")
        self.written = turn


def leaving(
    tell: Tell,
    regions: Pair[Region],
    stores: Sequence[str],
    stacks: Sequence[str],
    clock: Callable[[], float],
    *,
    untried: tuple[str, ...] = (),
) -> Leaving:
    """The source with everything it has, `stacks` in the order they were deployed."""
    source, target = regions
    papers = Papers(tell, target)
    return Leaving(
        use=Use(),
        backups={store: Backup(tell, store, target, clock) for store in stores},
        evidence=papers,
        tables=Things(tell, f"import into the stacks of {target}:", ["tables"]),
        members={kind: Things(tell, f"take away from {source}:", [SAID[kind]]) for kind in Member},
        stacks=Things(tell, f"delete with everything in it, in {source}, the stack", list(stacks)),
        residency=papers,
        untried=untried,
    )
