"""One comparison of a store from its beginning to a result: kept as it goes, taken up again, partial where it can't go on."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from landbridge.model.errors import LandbridgeError
from landbridge.model.measure import Difference
from landbridge.verify.kept import Kept
from landbridge.verify.port import Estimate, Progress, Result, Results

NEARLY = 0.9999  # at most this much is covered by what did not come to its end


class Work(Protocol):
    """A comparison under way; whatever it has finished is in what was kept."""

    def run(self) -> Iterable[Difference]:
        """Goes on to the end."""

    def compared(self) -> int:
        """How much was compared so far."""

    def coverage(self) -> float:
        """Which share of what there is."""

    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""


class Subject(Protocol):
    """What is compared, and how."""

    @property
    def store(self) -> str:
        """Its name in results."""

    def plan(self) -> dict[str, Any]:
        """What must be the same for a killed comparison to be taken up again."""

    def explain(self) -> tuple[Estimate, ...]:
        """What would be read."""

    def begin(self, kept: Kept) -> Work:
        """From where the kept chunks end."""


@dataclass
class Later:
    """A subject that is looked for anew by each comparison, and only then: one nobody finds hinders no other."""

    store: str
    find: Callable[[], Subject]
    _found: Subject | None = field(default=None, init=False)

    def plan(self) -> dict[str, Any]:
        """Of what is found now."""
        self._found = self.find()
        return self._found.plan()

    def explain(self) -> tuple[Estimate, ...]:
        """Of what is found now."""
        return self.find().explain()

    def begin(self, kept: Kept) -> Work:
        """Of what the plan is of."""
        return (self._found or self.find()).begin(kept)


@dataclass
class StoreComparison:
    """The verifier of one subject."""

    subject: Subject
    clock: Callable[[], float]
    folder: Path | None = None  # where a killed comparison is taken up again; None = it is not
    results: Results | None = None  # where results outlive the process; None = they don't
    resume: bool = True  # False = what was kept of a killed comparison is thrown away
    say: Callable[[Progress], None] = lambda _progress: None
    _newest: Result | None = field(default=None, init=False)

    def newest(self) -> Result | None:
        """The newest comparison; None = none yet."""
        return self._newest if self.results is None else self.results.newest(self.subject.store)

    def explain(self) -> tuple[Estimate, ...]:
        """What `compare` would read."""
        return self.subject.explain()

    def compare(self) -> Result:
        """To the end, or as far as it goes; raises only where nothing could be compared."""
        with self._place() as folder:
            kept = Kept(folder, self.subject.plan(), self.clock())
            work = self.subject.begin(kept)
            kept.said = partial(self._say, work)
            try:
                result = self._result(kept, work, work.run(), "")
            except LandbridgeError as error:
                if not work.compared():
                    raise
                result = self._result(kept, work, (), str(error))
            else:
                kept.finish()
        self._newest = result
        if self.results is not None:
            self.results.keep(self.subject.store, result)
        return result

    def _result(self, kept: Kept, work: Work, found: Iterable[Difference], stopped: str) -> Result:
        every, seconds = sorted(found), self.clock() - kept.began
        coverage = min(work.coverage(), NEARLY) if stopped else 1.0
        differ, left = (tuple(each for each in every if bool(each.left) is decided) for decided in (False, True))
        return Result(kept.since, seconds, work.compared(), differ, coverage, stopped, work.notes(), expected=left)

    def _say(self, work: Work, chunk: str) -> None:
        self.say(Progress(self.subject.store, chunk, min(work.coverage(), NEARLY), work.compared(), 0))

    @contextmanager
    def _place(self) -> Iterator[Path]:
        if self.folder is not None:
            if not self.resume:
                shutil.rmtree(self.folder, ignore_errors=True)
            yield self.folder
            return
        with tempfile.TemporaryDirectory(prefix="landbridge-verify-") as folder:
            yield Path(folder) / "work"
