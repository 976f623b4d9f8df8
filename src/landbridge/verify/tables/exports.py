"""A DynamoDB table compared by exports of both sides, for tables too big to scan: it costs no read unit of either.

The exports are of a moment that has passed; what differs between them is looked at in the tables as they are now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import BadInput, Refused
from landbridge.model.measure import Difference
from landbridge.model.region import Pair, Region
from landbridge.verify import relations
from landbridge.verify.athena import Athena
from landbridge.verify.athena import Table as Files
from landbridge.verify.bucketed import Bucketed, Entry
from landbridge.verify.kept import Kept
from landbridge.verify.port import Estimate
from landbridge.verify.settle import difference
from landbridge.verify.sides import at_once
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import named

PAUSE = 15.0
LIMIT = 24 * 3600.0  # seconds; a terabyte takes some hours


@dataclass(frozen=True)
class Exporter:
    """Writes one region's table, as it was a moment ago, into a bucket of any region."""

    clients: Clients
    region: Region
    table: str
    bucket: str
    prefix: str

    def start(self) -> str:
        """The name of an export that is under way."""
        with speaking(self.region, f"ExportTableToPointInTime {self.table}"):
            arn = self._dynamodb.describe_table(TableName=self.table)["Table"]["TableArn"]
            told = self._dynamodb.export_table_to_point_in_time(
                TableArn=arn, S3Bucket=self.bucket, S3Prefix=self.prefix, ExportFormat="DYNAMODB_JSON"
            )
        export: str = told["ExportDescription"]["ExportArn"]
        return export

    def done(self, export: str) -> bool:
        """Whether it is written; one that failed never will be."""
        with speaking(self.region, f"DescribeExport {self.table}"):
            told = self._dynamodb.describe_export(ExportArn=export)["ExportDescription"]
        if told["ExportStatus"] == "FAILED":
            raise Refused(self.region, f"the export of {self.table}", told.get("FailureMessage", "DynamoDB gave no reason"))
        return bool(told["ExportStatus"] == "COMPLETED")

    def files(self, export: str) -> Files:
        """One text column, a line an item: neither engine needs to know what an item looks like."""
        location = "/".join(
            filter(None, (f"s3://{self.bucket}", self.prefix.strip("/"), "AWSDynamoDB", export.rpartition("/")[2]))
        )
        return Files(f"{location}/data/", {"line": "string"}, "STORED AS TEXTFILE")

    @property
    def _dynamodb(self) -> Any:
        return self.clients.client("dynamodb", self.region)


@dataclass(frozen=True)
class Exports:
    """A table of both regions, by exports; looked at as a scan does."""

    table: Table
    exporters: Pair[Exporter]
    athena: Athena
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @property
    def store(self) -> str:
        """The table's."""
        return self.table.store

    def plan(self) -> dict[str, Any]:
        """Exports into another place are others."""
        return {"store": self.store, "exports": [f"{each.bucket}/{each.prefix}" for each in self.exporters]}

    def explain(self) -> tuple[Estimate, ...]:
        """By the tables' sizes: an export costs by them."""
        return tuple(
            self._estimate(side, *copy.size()) for side, copy in zip(("source", "target"), self.table.copies, strict=True)
        )

    def begin(self, kept: Kept) -> "ExportsWork":
        """Exports that a killed comparison began are waited for, not begun again."""
        return ExportsWork(self, kept)

    def _estimate(self, side: str, items: int, size: int) -> Estimate:
        return Estimate(
            f"{self.store} at the {side}", items, "items exported", size, "no read units; Athena reads it twice at most"
        )


@dataclass
class ExportsWork:
    """One comparison by exports, under way."""

    exports: Exports
    kept: Kept
    lists: Bucketed | None = None

    def run(self) -> list[Difference]:
        """Exports both sides at once, compares them where they lie, then looks at what differs."""
        names, files = self._names(), self._exported()
        self.lists = self._bucketed(names, files)
        with self.exports.athena.tables(files):
            entries = self.lists.run()
        return self._settled(entries)

    def compared(self) -> int:
        """Items of the source's export, and what the target's has beside them."""
        return self.lists.compared if self.lists else 0

    def coverage(self) -> float:
        """Nothing before both are written."""
        return self.lists.coverage() if self.lists else 0.0

    def notes(self) -> tuple[str, ...]:
        """How it was read."""
        return ("by exports of both sides, in Athena",)

    def _exported(self) -> Pair[Files]:
        every = self.exports.exporters
        begun = Pair(self._begun("source", every.source), self._begun("target", every.target))
        until = self.exports.clock() + LIMIT
        while not (every.source.done(begun.source) and every.target.done(begun.target)):
            if self.exports.clock() >= until:
                raise Refused(every.target.region, f"waiting for the exports of {self.exports.store}", "they took a whole day")
            self.exports.sleep(PAUSE)
        return Pair(every.source.files(begun.source), every.target.files(begun.target))

    def _begun(self, side: str, exporter: Exporter) -> str:
        if side not in self.kept.chunks:
            self.kept.keep(side, exporter.start())
        export: str = self.kept.chunks[side]
        return export

    def _bucketed(self, names: tuple[str, ...], files: Pair[Files]) -> Bucketed:
        athena = self.exports.athena
        whole = files.map(lambda each: relations.exported(athena.named(each), names))
        return Bucketed(
            athena.ask, Pair({"sums of the source": whole.source}, {"sums of the target": whole.target}), whole, self.kept
        )

    def _names(self) -> tuple[str, ...]:
        names = at_once(self.exports.table.copies, lambda copy: copy.names())
        if names.source != names.target:
            said = f"are {names.source} at the source and {names.target} at the target"
            raise BadInput(f"the keys of {self.exports.store}", said, "compare two copies of one table")
        return names.source

    def _settled(self, entries: list[Entry]) -> list[Difference]:
        table = self.exports.table
        first = table.look(orjson.dumps(orjson.loads(entry.name)) for entry in entries)
        found = table.settling.settle({key: seen for key, seen in first.items() if seen.source != seen.target}, table.look)
        return [difference(self.exports.store, named(key), seen) for key, seen in found.items()]
