"""Every store that can be compared, by name: a store plugs in by one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from landbridge.config.spec import Trading
from landbridge.verify.port import Comparison, Progress
from landbridge.verify.postgres.comparison import DatabaseComparison
from landbridge.verify.results import ResultFiles


@dataclass(frozen=True, slots=True)
class Asked:
    """How the operator wants stores compared, and what a comparison is handed."""

    folder: Path  # of results and of unfinished work
    resume: bool
    full: bool
    max_load: float | None  # None = as the file has it
    say: Callable[[Progress], None]
    clock: Callable[[], float]
    sleep: Callable[[float], None]


def database(trading: Trading, asked: Asked) -> Comparison | None:
    """The PostgreSQL database; None = the file names none."""
    spec = trading.verify.database
    if spec is None:
        return None
    spec = spec if asked.max_load is None else spec.model_copy(update={"max_load": asked.max_load})
    results = ResultFiles(asked.folder)
    return DatabaseComparison(
        "database", spec, results, asked.folder, asked.clock, asked.sleep, asked.say, resume=asked.resume, full=asked.full
    )


STORES: Mapping[str, Callable[[Trading, Asked], Comparison | None]] = {
    "database": database,
}
