"""Every store that can be compared, by name: a store plugs in by one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import inf
from pathlib import Path

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.config.verify import Database, History, Market
from landbridge.model.errors import BadInput
from landbridge.model.measure import Side
from landbridge.model.region import Pair, Region
from landbridge.verify.athena import Athena
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import Later, StoreComparison, Subject
from landbridge.verify.objects.bucket import BucketCopy, Copy
from landbridge.verify.objects.engines import Engine, Here, There
from landbridge.verify.objects.fetch import Delivered
from landbridge.verify.objects.inventories import Inventories
from landbridge.verify.objects.inventory import Inventory
from landbridge.verify.objects.listing import Bucket
from landbridge.verify.objects.versions import Rule
from landbridge.verify.port import Comparison, Progress
from landbridge.verify.postgres.comparison import DatabaseComparison
from landbridge.verify.results import ResultFiles
from landbridge.verify.settle import Settling
from landbridge.verify.stream.kinesis import KinesisCopy, packed
from landbridge.verify.stream.streams import Streams
from landbridge.verify.tables.exports import Exporter, Exports
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import TableCopy

Clock = Callable[[], float]
Sleep = Callable[[float], None]
AT_ONCE = 8  # names of a bucket of which more is asked
FOLDER = Path("runs/verify")  # where comparisons are kept, and gates look for them


@dataclass(frozen=True, slots=True)
class Asked:
    """How the operator wants stores compared, and what a comparison is handed."""

    folder: Path  # of results and of unfinished work
    resume: bool
    full: bool
    max_load: float | None  # None = as the file has it
    say: Callable[[Progress], None]
    clock: Clock
    sleep: Sleep
    clients: Callable[[], Clients]  # asked for by those stores that are AWS's
    regions: Pair[Region]  # from where to where; failing back, the other way round
    at_most: float = inf  # seconds after which a database's comparison stops, to be gone on with

    def comparison(self, subject: Subject) -> Comparison:
        """The comparison of a subject, kept where results are."""
        results = ResultFiles(self.folder)
        return StoreComparison(subject, self.clock, self.folder / subject.store, results, self.resume, self.say)


def by_gate(clients: Clients, regions: Pair[Region], folder: Path, clock: Clock, sleep: Sleep, *, at_most: float = inf) -> Asked:
    """How a gate asks: it goes on where something was cut off, and nobody watches."""
    return Asked(folder, True, False, None, lambda _progress: None, clock, sleep, lambda: clients, regions, at_most)


def database(trading: Trading, asked: Asked) -> Comparison | None:
    """The PostgreSQL database; None = the file names none."""
    spec = trading.verify.database
    if spec is None:
        return None
    ends = {"source": spec.target, "target": spec.source} if asked.regions == there(trading).swapped() else {}
    load = {} if asked.max_load is None else {"max_load": asked.max_load}
    return compared(spec.model_copy(update={**ends, **load}), asked)


def compared(spec: Database, asked: Asked, password: Callable[[], str] | None = None) -> DatabaseComparison:
    """The database at these two addresses; without a password here, it is in a password file."""
    results = ResultFiles(asked.folder)
    return DatabaseComparison(
        "database",
        spec,
        results,
        asked.folder,
        asked.clock,
        asked.sleep,
        asked.say,
        at_most=asked.at_most,
        password=password,
        resume=asked.resume,
        full=asked.full,
    )


def table(trading: Trading, asked: Asked, *, name: str) -> Comparison | None:
    """One global table; None = the file does not name it."""
    spec = trading.verify.tables
    if spec is None or name not in spec.names:
        return None
    scanned = items(trading, asked, name)
    if not spec.exports:
        return asked.comparison(scanned)
    bucket, prefix = place(spec.exports)
    exporters = [Exporter(asked.clients(), region, trading.platform.named(name), bucket, prefix) for region in asked.regions]
    return asked.comparison(Exports(scanned, Pair(*exporters), _athena(trading, asked), asked.clock, asked.sleep))


def items(trading: Trading, asked: Asked, name: str) -> Table:
    """A global table, read as gently as the file says."""
    spec, limits = trading.verify.tables, trading.verification
    units = (spec.read_units if spec else inf) * (1.0 if asked.max_load is None else asked.max_load)
    copies = [
        TableCopy(asked.clients(), trading.platform.named(name), region, Budget(units, asked.clock, asked.sleep))
        for region in asked.regions
    ]
    return Table(name, Pair(*copies), limits.segments, Settling(limits.settle_seconds, asked.sleep))


def history(trading: Trading, asked: Asked) -> Comparison | None:
    """The history of trades, by listing or by S3's own lists; None = the file does not ask for it."""
    spec = trading.verify.history
    if spec is None:
        return None
    return asked.comparison(objects(trading, asked))


def objects(trading: Trading, asked: Asked, oldest: timedelta = timedelta.max) -> Subject:
    """The history's buckets: by listing, or where the file names them by S3's own lists, none older than that."""
    spec, listed = trading.verify.history or History(), bucket(trading, asked)
    find = partial(_inventories, trading, asked, listed, oldest)
    return Later("history", find) if spec.source_list else listed


def bucket(trading: Trading, asked: Asked) -> Bucket:
    """The history's buckets, by listing."""
    spec, named = trading.verify.history or History(), partial(trading.platform.named, "history")
    copies: Pair[Copy] = asked.regions.map(lambda region: BucketCopy(asked.clients(), named(region), region, spec.prefix))
    rule = Rule(same_ids=spec.same_versions, etags=False, markers=True)
    behind = Side.SOURCE if asked.regions == there(trading) else Side.TARGET
    return Bucket("history", copies, rule, Settling(spec.settle_seconds, asked.sleep), trading.preflight.leaves, behind, AT_ONCE)


def _inventories(trading: Trading, asked: Asked, listed: Bucket, oldest: timedelta) -> Inventories:
    spec = trading.verify.history or History()
    lists = Pair(*map(partial(_newest, asked), there(trading), (spec.source_list, spec.target_list)))
    lists, lag = lists if asked.regions == there(trading) else lists.swapped(), timedelta(seconds=spec.settle_seconds)
    for each in lists:
        _young(each, asked.clock() + lag.total_seconds(), oldest)
    return Inventories("history", lists, lag, listed.looks, listed.settling, reader(trading, asked))


def reader(trading: Trading, asked: Asked) -> Callable[[Path], Engine]:
    """What reads S3's lists as tables: Athena where the file names a workgroup, else DuckDB here."""
    if trading.verify.athena is None:
        return Here
    there_ = There(_athena(trading, asked))
    return lambda _folder: there_


def list_of(trading: Trading, asked: Asked, region: Region) -> Inventory | None:
    """The newest list of a region's bucket of history; None = the file names none."""
    spec = trading.verify.history or History()
    where = dict(zip(there(trading), (spec.source_list, spec.target_list), strict=True))[region]
    return _newest(asked, region, where) if where else None


def _young(listed: Inventory, now: float, oldest: timedelta) -> None:
    age = now - listed.created.timestamp()
    if age > oldest.total_seconds():
        said = f"is {age / 3600:.0f} h old, and a gate takes none older than {oldest / timedelta(hours=1):g} h"
        raise BadInput(f"the inventory of {listed.bucket}", said, "wait for the next, or raise verification.expires_seconds")


def _newest(asked: Asked, region: Region, where: str) -> Inventory:
    return Delivered(asked.clients(), region, *place(where), asked.folder / "lists").newest()


def _athena(trading: Trading, asked: Asked) -> Athena:
    """In the region that stays."""
    spec = trading.verify.athena
    if spec is None:
        raise BadInput("verify.athena", "is missing", "name the workgroup that compares exports, as config/trading.toml shows")
    region = there(trading).target
    return Athena(asked.clients(), region, spec.workgroup, spec.database, spec.output, asked.clock, asked.sleep)


def place(text: str) -> tuple[str, str]:
    """Bucket and prefix of s3://bucket/prefix/."""
    bucket, _, prefix = text.removeprefix("s3://").partition("/")
    return bucket, prefix


def market(trading: Trading, asked: Asked) -> Comparison | None:
    """The market's streams; None = the file does not ask for them."""
    spec = trading.verify.market
    return None if spec is None else asked.comparison(streams(trading, asked, spec.lag_seconds))


def streams(trading: Trading, asked: Asked, lag: float) -> Streams:
    """The source's live stream and what the target has of it, once it is so many seconds old."""
    spec = trading.verify.market or Market()

    def pace() -> Budget:
        return Budget(spec.calls_per_second, asked.clock, asked.sleep)

    live = KinesisCopy(asked.clients(), trading.platform.named("live"), asked.regions.source, pace)
    mirror = KinesisCopy(asked.clients(), trading.platform.named("mirror"), asked.regions.target, pace, packed)
    return Streams("market", Pair(live, mirror), spec.window_seconds, lag, Settling(lag, asked.sleep))


def there(trading: Trading) -> Pair[Region]:
    """From where to where the file moves the platform."""
    return Pair(Region(trading.platform.source), Region(trading.platform.target))


STORES: Mapping[str, Callable[[Trading, Asked], Comparison | None]] = {
    "database": database,
    "state": partial(table, name="state"),
    "analytics": partial(table, name="analytics"),
    "commands": partial(table, name="commands"),
    "history": history,
    "market": market,
}
