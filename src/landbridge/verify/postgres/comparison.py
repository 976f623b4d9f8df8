"""The database of both sides, compared whole: definitions, every row of every table, where sequences stand."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path

from landbridge.config.verify import Database
from landbridge.model.measure import Side
from landbridge.model.region import Pair
from landbridge.verify.port import Estimate, Progress, Result, Results, Unfinished
from landbridge.verify.postgres.position import Copying
from landbridge.verify.postgres.run import Run
from landbridge.verify.postgres.server import Server
from landbridge.verify.postgres.subject import Subject, subjects
from landbridge.verify.postgres.work import Work, WorkFile

ROWS_A_SECOND = 1_500_000  # of one core, of rows of a hundred bytes


@dataclass
class DatabaseComparison:
    """One store of `landbridge verify`, and its verifier for gates."""

    store: str
    spec: Database
    results: Results
    folder: Path  # where unfinished work lies
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    say: Callable[[Progress], None]
    resume: bool = True
    full: bool = False
    copying: Copying | None = None  # None = a standby's own word, or the time
    at_most: float = inf  # seconds of one `compare`, and a statement more; the next one goes on
    password: Callable[[], str] | None = None  # None = in a password file

    def newest(self) -> Result | None:
        """As kept, by whichever process; one of other databases, or of fewer tables, is none."""
        kept = self.results.newest(self.store)
        return kept if kept and kept.of == self._asked() else None

    def explain(self) -> tuple[Estimate, ...]:
        """Every table, by the servers' own statistics."""
        servers = self._servers()
        try:
            known = subjects(servers, self.spec)
            cannot = (Estimate(name, 0, "rows", 0, f"not compared: it {why}") for name, why in known.cannot.items())
            return (*(self._estimate(each) for each in known.can.values()), *cannot)
        finally:
            _close(servers)

    def compare(self) -> Result:
        """Goes on with unfinished work where it is asked to; what can't be finished is kept as far as it went."""
        file, servers, asked = WorkFile(self.folder / f"{self.store}.work.json"), self._servers(), self._asked()
        work = (file.load(asked) if self.resume else None) or Work(asked, self.clock())
        ends, stopped = self.clock() + self.at_most, ""
        run = Run(self.store, self.spec, servers, file, work, self.clock, self.sleep, self.say, ends)
        try:
            run.all(self.copying, self.folder / f"{self.store}.base.json", full=self.full)
        except Unfinished as error:
            stopped = str(error)
        finally:
            _close(servers)
        result = work.result(self.clock(), stopped)
        self.results.keep(self.store, result)
        if not stopped:
            file.clear()
        return result

    def _asked(self) -> str:
        return self.spec.model_dump_json(include={"source", "target", "tables", "leave_out"})

    def _servers(self) -> Pair[Server]:
        given = Pair((Side.SOURCE, self.spec.source), (Side.TARGET, self.spec.target))
        password = None if self.password is None else self.password()
        return given.map(lambda each: Server(*each, self.spec.statement_seconds, password))

    def _estimate(self, subject: Subject) -> Estimate:
        size = max(reading.digest.table.size for reading in subject.readings)
        seconds = max(subject.rows / ROWS_A_SECOND, size / ROWS_A_SECOND / 100) / self.spec.max_load
        said = (f"about {seconds:.0f} s with at most {self.spec.max_load:.0%} of one core a side", *subject.notes)
        return Estimate(subject.name, subject.rows, "rows", size, "; ".join(said))


def _close(servers: Pair[Server]) -> None:
    for server in servers:
        server.close()
