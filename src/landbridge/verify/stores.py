"""Every store that can be compared, by name: a store plugs in by one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.model.region import Pair, Region
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import StoreComparison, Subject
from landbridge.verify.objects.bucket import BucketCopy
from landbridge.verify.objects.listing import Bucket
from landbridge.verify.objects.versions import Rule
from landbridge.verify.port import Comparison, Progress
from landbridge.verify.postgres.comparison import DatabaseComparison
from landbridge.verify.results import ResultFiles
from landbridge.verify.settle import Settling
from landbridge.verify.stream.kinesis import KinesisCopy, packed
from landbridge.verify.stream.streams import Streams
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import TableCopy


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
    clients: Callable[[], Clients]  # asked for by those stores that are AWS's

    def comparison(self, subject: Subject) -> Comparison:
        """The comparison of a subject, kept where results are."""
        results = ResultFiles(self.folder)
        return StoreComparison(subject, self.clock, self.folder / subject.store, results, self.resume, self.say)


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


def table(trading: Trading, asked: Asked, *, name: str) -> Comparison | None:
    """One global table; None = the file does not name it."""
    spec = trading.verify.tables
    if spec is None or name not in spec.names:
        return None
    units = spec.read_units * (1.0 if asked.max_load is None else asked.max_load)
    copies = [
        TableCopy(asked.clients(), trading.platform.named(name), region, Budget(units, asked.clock, asked.sleep))
        for region in _regions(trading)
    ]
    limits = trading.verification
    return asked.comparison(Table(name, Pair(*copies), limits.segments, Settling(limits.settle_seconds, asked.sleep)))


def history(trading: Trading, asked: Asked) -> Comparison | None:
    """The history of trades; None = the file does not ask for it."""
    spec = trading.verify.history
    if spec is None:
        return None
    named = partial(trading.platform.named, "history")
    copies = [BucketCopy(asked.clients(), named(region), region, spec.prefix) for region in _regions(trading)]
    rule = Rule(same_ids=spec.same_versions, etags=False, markers=True)
    return asked.comparison(Bucket("history", Pair(*copies), rule, Settling(spec.settle_seconds, asked.sleep)))


def market(trading: Trading, asked: Asked) -> Comparison | None:
    """The source's live stream and what the target has of it; None = the file does not ask for it."""
    spec = trading.verify.market
    if spec is None:
        return None
    source, target = _regions(trading)

    def pace() -> Budget:
        return Budget(spec.calls_per_second, asked.clock, asked.sleep)

    live = KinesisCopy(asked.clients(), trading.platform.named("live"), source, pace)
    mirror = KinesisCopy(asked.clients(), trading.platform.named("mirror"), target, pace, packed)
    settling = Settling(spec.lag_seconds, asked.sleep)
    return asked.comparison(Streams("market", Pair(live, mirror), spec.window_seconds, spec.lag_seconds, settling))


def _regions(trading: Trading) -> tuple[Region, Region]:
    return Region(trading.platform.source), Region(trading.platform.target)


STORES: Mapping[str, Callable[[Trading, Asked], Comparison | None]] = {
    "database": database,
    "state": partial(table, name="state"),
    "analytics": partial(table, name="analytics"),
    "commands": partial(table, name="commands"),
    "history": history,
    "market": market,
}
