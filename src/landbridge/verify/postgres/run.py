"""One comparison of a database under way: what is done in which order, and what is kept of it when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landbridge.config.verify import Database
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.port import Progress, Unfinished
from landbridge.verify.postgres.changes import Changes
from landbridge.verify.postgres.pace import Pace
from landbridge.verify.postgres.position import Copying, copying
from landbridge.verify.postgres.reading import Key
from landbridge.verify.postgres.schema import definitions, sequences, unlike
from landbridge.verify.postgres.server import Server
from landbridge.verify.postgres.settle import Apart, Settling
from landbridge.verify.postgres.subject import Subject, Subjects, subjects
from landbridge.verify.postgres.walk import Walk
from landbridge.verify.postgres.work import Work, WorkFile
from landbridge.verify.sides import at_once

RESTARTS = 3  # of a table in which much was behind


@dataclass
class Run:
    """Definitions, then rows, then what was suspect, then sequences."""

    store: str
    spec: Database
    servers: Pair[Server]
    file: WorkFile
    work: Work
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    say: Callable[[Progress], None]
    ends: float  # after which only what is under way is finished
    _settling: Settling = field(init=False)

    def all(self, position: Copying | None, base: Path, *, full: bool) -> None:
        """Ends whole, or with the sentence why not."""
        known = subjects(self.servers, self.spec)
        position = position or copying(self.servers, self.spec.settle_seconds, self.clock)
        patience = min(self.spec.patience_seconds, max(0.0, self.ends - self.clock()))
        self._settling = Settling(position, patience, self.clock, self.sleep)
        self._definitions()
        changes = Changes(self.servers, self.spec.changes, base) if self.spec.changes else None
        self.work.upto = self.work.upto or (changes.standing() if changes else {})
        if full or self.work.done or not changes or not self._changed(changes, known):
            self._rows(known)
        apart = self._settle(known.can)
        self._sequences()
        if known.cannot:
            named = "; ".join(f"{name} {why}" for name, why in known.cannot.items())
            raise Unfinished(
                self.store, f"not all of it was compared: {named}", "mend that, or name them in verify.database.leave_out"
            )
        if changes:
            changes.keep(self.work.asked, self.work.upto, apart)

    def _definitions(self) -> None:
        both = at_once(self.servers, definitions)
        self.work.differences = [self._difference(name, name in both.source, name in both.target) for name in unlike(both)]

    def _changed(self, changes: Changes, known: Subjects) -> bool:
        """Whether both sides say what was written since the last whole comparison; then only that is looked at."""
        keys = {name: tuple(each.name for each in subject.key) for name, subject in known.can.items()}
        told = changes.since(self.work.asked, self.work.upto, keys, known.others)
        if told is None:
            self.work.note("everything is read: the sides do not both tell what was written since a whole comparison")
            return False
        self.work.suspects = {name: sorted(each) for name, each in told.items()}
        self.work.compared = sum(map(len, told.values()))
        rows = sum(subject.rows for subject in known.can.values())
        self.work.note(
            f"{self.work.compared} keys were written since the last whole comparison, of about {rows}; no others were read"
        )
        return True

    def _rows(self, known: Subjects) -> None:
        self.work.weights = {**{name: subject.rows for name, subject in known.can.items()}, **dict.fromkeys(known.cannot, 1)}
        for subject in known.can.values():
            for note in subject.notes:
                self.work.note(note)
            if self.work.done.get(subject.name, 0.0) < 1:
                self._table(subject)

    def _table(self, subject: Subject) -> None:
        for _ in range(RESTARTS):
            if self._walked(subject):
                return
        what = f"more than {self.spec.most_differences} rows at once are behind, time and again"
        raise Unfinished(subject.name, what, "compare again when the copy has caught up")

    def _walked(self, subject: Subject) -> bool:
        """Whether it came to the table's end; not where more was suspect than can be named, though it was only behind."""
        work, name = self.work, subject.name
        pace = Pace(self.spec.chunk_seconds, self.spec.max_load, self.clock, self.sleep)
        before = work.done.get(name, 0.0)
        for chunk in Walk(subject.readings, pace, self.spec.most_differences).chunks(work.after.get(name)):
            if chunk.too_many:
                self._refuse_too_many(subject, chunk.suspects)
                return False
            work.read_until(name, before + (1 - before) * chunk.share, chunk.after, chunk.rows, chunk.suspects)
            self.file.save(work)
            self.say(Progress(self.store, name, work.coverage, work.compared, sum(map(len, work.suspects.values()))))
            if self.clock() > self.ends:
                raise Unfinished(self.store, f"{work.coverage:.0%} is compared", "what is left comes next")
        return True

    def _refuse_too_many(self, subject: Subject, suspects: tuple[Key, ...]) -> None:
        found = self._settling.settle({subject.name: (subject.readings, suspects)})[subject.name]
        if len(found) >= self.spec.most_differences:
            self.work.differences += [self._row(subject.name, each) for each in found]
            what = f"{len(found)} rows differ, and there are more"
            raise Unfinished(subject.name, what, "see what they have in common, mend it, and compare again")

    def _settle(self, subjects: Mapping[str, Subject]) -> dict[str, list[Key]]:
        """What was suspect and differs, by its keys; nothing is suspect any more."""
        asked = {name: (subjects[name].readings, keys) for name, keys in self.work.suspects.items() if keys}
        found = self._settling.settle(asked)
        self.work.differences += [self._row(name, each) for name, all_found in found.items() for each in all_found]
        self.work.suspects = {}
        if moving := self._settling.restless:
            self.work.note(
                f"{moving} keys were written all the while, on both sides: none of them was ever still enough to judge"
            )
        return {name: [each.key for each in all_found] for name, all_found in found.items()}

    def _sequences(self) -> None:
        """A target's sequence may be ahead, as a standby's is; behind, it would give a number again."""
        both = at_once(self.servers, sequences)
        if _behind(both):
            self._settling.catch_up()
            both = Pair(both.source, sequences(self.servers.target))
        at_target = (Difference(self.store, f"sequence {name}: its value", Side.TARGET, Kind.CHANGED) for name in _behind(both))
        self.work.differences += at_target

    def _row(self, table: str, apart: Apart) -> Difference:
        key = apart.key[0] if len(apart.key) == 1 else f"({', '.join(apart.key)})"
        return Difference(self.store, f"{table} {key}", apart.side, apart.kind)

    def _difference(self, name: str, source: bool, target: bool) -> Difference:  # noqa: FBT001 whether it is there
        return Difference(
            self.store, name, Side.TARGET if source else Side.SOURCE, Kind.CHANGED if source and target else Kind.MISSING
        )


def _behind(both: Pair[dict[str, tuple[int, bool]]]) -> list[str]:
    """Sequences of both sides whose target has given out less than the source."""
    target = both.target
    named = {name: (last, *target.get(name, (None, rises))) for name, (last, rises) in both.source.items()}
    return sorted(
        name for name, (ours, theirs, rises) in named.items() if theirs is None or (theirs < ours if rises else theirs > ours)
    )
