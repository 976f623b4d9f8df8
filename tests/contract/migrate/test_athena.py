"""The one text on a real Athena as far as an emulator is one: its engine is DuckDB, so a test teaches it the same words."""

import csv
import gzip
import io
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import orjson
import pytest
from tests.builders import state
from tests.contract.migrate.tables import Tables
from tests.contract.migrate.test_bucket_verifier import SCHEMA, Buckets
from tests.fakes import REGIONS, SOURCE, TARGET

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.state_copies import typed
from landbridge.model.errors import Refused
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair, Region
from landbridge.model.state import StateItem
from landbridge.verify.athena import Athena
from landbridge.verify.athena import Table as Files
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.engines import There
from landbridge.verify.objects.inventories import Inventories
from landbridge.verify.objects.inventory import Inventory, inventory
from landbridge.verify.objects.looks import Looks
from landbridge.verify.objects.versions import Rule
from landbridge.verify.relations import WORDS
from landbridge.verify.settle import Settling
from landbridge.verify.tables.exports import Exporter, Exports
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import Copy, TableCopy

CREATED = datetime(2026, 11, 21, 1, tzinfo=UTC)
DATABASE, PLACE = "lists", "landbridge-athena-test"
QUICK = 0.05


def _teach(params: dict[str, Any], **_rest: Any) -> None:
    """A statement of its own in front: what Athena knows by itself."""
    if not params["QueryString"].startswith(("CREATE", "DROP", "SELECT nonsense")):
        params["QueryString"] = f"SELECT 1; {WORDS} {params['QueryString']}"


@pytest.fixture(name="athena")
def _athena(clients: Clients) -> Iterator[Athena]:
    """A workgroup that knows Trino's words, a database, and a bucket for everything."""
    athena, glue, s3 = (clients.client(name, TARGET) for name in ("athena", "glue", "s3"))
    glue.create_database(DatabaseInput={"Name": DATABASE})
    s3.create_bucket(Bucket=PLACE, CreateBucketConfiguration={"LocationConstraint": TARGET})
    event = "before-parameter-build.athena.StartQueryExecution"
    athena.meta.events.register(event, _teach)
    yield Athena(clients, TARGET, "primary", DATABASE, f"s3://{PLACE}/answers/", time.time, lambda _seconds: time.sleep(QUICK))
    athena.meta.events.unregister(event, _teach)
    left = [each["Name"] for each in glue.get_tables(DatabaseName=DATABASE)["TableList"]]
    glue.delete_database(Name=DATABASE)
    for each in s3.list_objects_v2(Bucket=PLACE).get("Contents", ()):
        s3.delete_object(Bucket=PLACE, Key=each["Key"])
    s3.delete_bucket(Bucket=PLACE)
    assert not left, "a comparison left tables behind"


def listed(clients: Clients, buckets: Buckets, region: Region) -> Inventory:
    """An inventory of a region's bucket. The emulator follows no list of files, so the data lies where that list would."""
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for each in buckets.s3(region).list_object_versions(Bucket=buckets.named(region))["Versions"]:
        what = (each["Size"], "2026-01-01T00:00:00.000Z", each["ETag"].strip('"'), "STANDARD", "false", "", "SSE-S3")
        rows.writerow([region, quote_plus(each["Key"]), each["VersionId"], "true", "false", *what])
    data = gzip.compress(text.getvalue().encode())
    clients.client("s3", TARGET).put_object(Bucket=PLACE, Key=f"{region}/hive/dt=2026-11-21-01-00/one.csv.gz", Body=data)
    told = {"sourceBucket": region, "creationTimestamp": str(int(CREATED.timestamp() * 1000)), "fileFormat": "CSV"}
    files = [{"key": "one.csv.gz", "size": len(data), "MD5checksum": "unread"}]
    manifest = orjson.dumps({**told, "fileSchema": ", ".join(SCHEMA), "files": files}).decode()
    return inventory(manifest, Path, f"s3://{PLACE}/{region}/2026-11-21T01-00Z/manifest.json")


def test_inventories_are_compared_where_they_lie(clients: Clients, athena: Athena) -> None:
    """Changed, missing and extra objects, by the sums first and then by the buckets themselves."""
    buckets = Buckets(clients)
    for number in range(40):
        buckets.put(f"a/{number:02d} +\u00e9", f"body {number}", SOURCE, TARGET)
    buckets.put("lost", "x", SOURCE)
    buckets.put("stray", "x", TARGET)
    buckets.put("a/07 +\u00e9", "another", TARGET)
    lists = REGIONS.map(lambda region: listed(clients, buckets, region))
    looks, settling = Looks(buckets.copies, Rule(same_ids=False)), Settling(3, buckets.clock.sleep)
    subject = Inventories("history", lists, timedelta(minutes=15), looks, settling, lambda _folder: There(athena))
    result = StoreComparison(subject, buckets.clock).compare()
    assert list(result.differences) == [
        Difference("history", "a/07 +\u00e9", Side.TARGET, Kind.CHANGED),
        Difference("history", "lost", Side.TARGET, Kind.MISSING),
        Difference("history", "stray", Side.SOURCE, Kind.MISSING),
    ]
    assert result.whole


class Written(Exporter):
    """The emulator says an export is done and writes nothing: its files are written here, as DynamoDB writes them."""

    def start(self) -> str:
        """The items as they are now."""
        export = super().start()
        items = self.clients.client("dynamodb", self.region).scan(TableName=self.table)["Items"]
        lines = "\n".join(orjson.dumps({"Item": each}).decode() for each in items)
        key = f"{self.prefix}AWSDynamoDB/{export.rpartition('/')[2]}/data/one.json.gz"
        self.clients.client("s3", TARGET).put_object(Bucket=PLACE, Key=key, Body=gzip.compress(lines.encode()))
        return export


def _exports(tables: Tables, athena: Athena, sleep: Any) -> Exports:
    name, clients = tables.name("state"), tables.clients
    copies: Pair[Copy] = REGIONS.map(lambda region: TableCopy(clients, name, region, Budget(1e9, time.time, sleep)))
    exporters: Pair[Exporter] = REGIONS.map(lambda region: Written(clients, region, name, PLACE, f"{region}/"))
    return Exports(
        Table("state", copies, 1, Settling(3, sleep)), exporters, athena, time.time, lambda _seconds: time.sleep(QUICK)
    )


def _put(tables: Tables, item: StateItem, *regions: Region) -> None:
    for region in regions:
        tables.put("state", region, typed(item))


def test_exports_are_compared_where_they_lie(tables: Tables, athena: Athena) -> None:
    """What differs in the exports and still does; not what arrived since, and nothing of ours."""
    tables.make("state", SOURCE, TARGET)
    for number in range(40):
        _put(tables, state(f"u\u00e9ser-{number:03d}", value="x" * number), SOURCE, TARGET)
    _put(tables, state("only-source"), SOURCE)
    _put(tables, replace(state("u\u00e9ser-007", value="x" * 7), version=2), TARGET)
    _put(tables, state("~heartbeat"), SOURCE)
    late = state("late")
    _put(tables, late, SOURCE)
    result = StoreComparison(_exports(tables, athena, lambda _seconds: _put(tables, late, TARGET)), time.time).compare()
    assert list(result.differences) == [
        Difference("state", "only-source/main", Side.TARGET, Kind.MISSING),
        Difference("state", "u\u00e9ser-007/main", Side.TARGET, Kind.CHANGED),
    ]
    assert (result.whole, result.compared) == (True, 42)


def test_what_athena_refuses_is_a_sentence(athena: Athena) -> None:
    """With its own words for why, and where."""
    with pytest.raises(Refused, match=f"the query .* of Athena was refused in {TARGET}: .*nowhere"):
        athena.ask("SELECT nonsense FROM nowhere")


def test_tables_are_dropped_where_the_comparison_failed(athena: Athena) -> None:
    """A failed comparison leaves nothing in the catalogue: the fixture looks."""
    files = Files(f"s3://{PLACE}/none/", {"line": "string"}, "STORED AS TEXTFILE")
    with athena.tables([files]), pytest.raises(Refused):
        athena.ask(f"SELECT nonsense FROM {athena.named(files)}")
