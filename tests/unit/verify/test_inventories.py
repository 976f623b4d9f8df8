"""Planted differences between two inventories are found exactly, whether S3 wrote CSV or Parquet; none is invented."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote_plus

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes import Clock
from tests.unit.verify import test_listing
from tests.unit.verify.buckets_world import BucketsWorld, FakeBucket

from landbridge.model.errors import BadInput
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.inventories import Inventories
from landbridge.verify.objects.inventory import Inventory, inventory
from landbridge.verify.objects.looks import Looks
from landbridge.verify.objects.versions import Rule
from landbridge.verify.settle import Settling

CREATED = datetime(2026, 11, 21, 6, tzinfo=UTC)
LAG = timedelta(minutes=15)
ROWS = 30
WORDS = ("Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag", "StorageClass",
         "IsMultipartUploaded", "ReplicationStatus", "EncryptionStatus")  # fmt: skip
TYPES = ("varchar", "varchar", "varchar", "boolean", "boolean", "bigint", "timestamp", "varchar", "varchar", "boolean", "varchar",
         "varchar")  # fmt: skip
COLUMNS = ("bucket", "key", "version_id", "is_latest", "is_delete_marker", "size", "last_modified_date", "e_tag", "storage_class",
           "is_multipart_uploaded", "replication_status", "encryption_status")  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of an inventory."""

    key: str
    version: str
    size: int | None = 10
    etag: str | None = "aa"
    at: datetime = CREATED - timedelta(days=3)
    marker: bool = False
    parts: bool = False
    storage: str = "STANDARD"
    replication: str | None = "COMPLETED"
    encryption: str | None = "SSE-S3"

    def values(self, *, text: bool) -> tuple[object, ...]:
        """As S3 writes them: CSV holds text, and its keys are encoded."""
        key, at = (
            (quote_plus(self.key), f"{self.at:%Y-%m-%dT%H:%M:%S}.000Z") if text else (self.key, f"{self.at:%Y-%m-%d %H:%M:%S}")
        )
        found = ("history", key, self.version, True, self.marker, self.size, at, self.etag, self.storage, self.parts)
        every = (*found, self.replication, self.encryption)
        return (
            tuple("" if value is None else str(value).lower() if isinstance(value, bool) else value for value in every)
            if text
            else every
        )


def spelled(value: object) -> str:
    """As CSV has it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


Sides = tuple[dict[str, Row], dict[str, Row]]
Plant = Callable[[Sides, str], tuple[Side, Kind] | None]


def changed(**changes: object) -> Plant:
    """The target's row says something else."""

    def plant(sides: Sides, key: str) -> tuple[Side, Kind]:
        sides[1][key] = replace(sides[1][key], **changes)  # type: ignore[arg-type]
        return Side.TARGET, Kind.CHANGED

    return plant


def same(**changes: object) -> Plant:
    """What is changed says nothing of the content."""

    def plant(sides: Sides, key: str) -> None:
        changed(**changes)(sides, key)

    return plant


def missing(side: Side) -> Plant:
    """One list has no such row."""

    def plant(sides: Sides, key: str) -> tuple[Side, Kind]:
        del sides[side is Side.TARGET][key]
        return side, Kind.MISSING

    return plant


def failed(sides: Sides, key: str) -> tuple[Side, Kind]:
    """S3 says itself that it gave it up."""
    sides[0][key] = replace(sides[0][key], replication="FAILED")
    return Side.TARGET, Kind.FAILED


def young(sides: Sides, key: str) -> None:
    """Written just before the list was, and not arrived."""
    sides[0][key] = replace(sides[0][key], at=CREATED - LAG / 2)
    del sides[1][key]


PLANTS: dict[str, Plant] = {
    "missing at the target": missing(Side.TARGET),
    "missing at the source": missing(Side.SOURCE),
    "other size": changed(size=11),
    "empty": changed(size=0),
    "other content": changed(etag="bb"),
    "marker": changed(marker=True, size=None, etag=None),
    "same in other parts": same(etag="cc-3", parts=True),
    "same under a key of KMS": same(etag="dd", encryption="SSE-KMS"),
    "same, stored elsewhere": same(storage="GLACIER"),
    "failed": failed,
    "young": young,
}


def written(folder: Path, side: str, rows: list[Row], file_format: str, schema: str = "") -> Inventory:
    """An inventory as S3 delivers it, in two files."""
    connection, files = duckdb.connect(), []
    text, half = file_format == "CSV", len(rows) // 2
    for number, part in enumerate((rows[:half], rows[half:])):
        path = folder / f"{side}-{number}.{'csv.gz' if text else 'parquet'}"
        types = ["varchar"] * len(TYPES) if text else TYPES
        connection.execute(f"CREATE OR REPLACE TABLE rows ({', '.join(map(' '.join, zip(COLUMNS, types, strict=True)))})")
        slots = f"({', '.join('?' * len(TYPES))})"
        values = [value for row in part for value in row.values(text=text)]
        connection.execute(f"INSERT INTO rows VALUES {', '.join([slots] * len(part))}", values)
        how = "(FORMAT csv, HEADER false, FORCE_QUOTE *, COMPRESSION gzip)" if text else "(FORMAT parquet)"
        connection.execute(f"COPY rows TO '{path}' {how}")
        files.append({"key": path.name, "size": path.stat().st_size, "MD5checksum": "unread"})
    columns = (
        ", ".join(WORDS) if text else "message s3.inventory { " + " ".join(f"optional binary {name};" for name in COLUMNS) + "}"
    )
    told = {"sourceBucket": "history", "creationTimestamp": str(int(CREATED.timestamp() * 1000)), "fileFormat": file_format}
    return inventory(json.dumps({**told, "fileSchema": schema or columns, "files": files}), lambda key: folder / key)


def comparison(lists: Pair[Inventory], folder: Path | None = None) -> StoreComparison:
    """By the lists alone."""
    clock = Clock()
    return StoreComparison(Inventories("history", lists, LAG, None, Settling(3, clock.sleep)), clock, folder)


def alike() -> Sides:
    """Two lists of the same rows."""
    rows = {f"a +/{number:03d}": Row(f"a +/{number:03d}", f"v{number}", 100 + number, f"e{number}") for number in range(ROWS)}
    return dict(rows), {key: replace(row, replication="REPLICA") for key, row in rows.items()}


@given(
    st.dictionaries(st.integers(0, ROWS - 1), st.sampled_from(sorted(PLANTS)), max_size=12), st.sampled_from(["CSV", "Parquet"])
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_planted_is_found_and_nothing_else(tmp_path: Path, plants: dict[int, str], file_format: str) -> None:
    """First and last row, too."""
    sides, expected = alike(), []
    for number, name in plants.items():
        key = f"a +/{number:03d}"
        found = PLANTS[name](sides, key)
        shown = quote_plus(key) if file_format == "CSV" else key
        expected += [Difference("history", f"{shown}?versionId=v{number}", *found)] if found else []
    lists = Pair(*(written(tmp_path, side, list(rows.values()), file_format) for side, rows in zip("st", sides, strict=True)))
    assert list(comparison(lists).compare().differences) == sorted(expected)


def listed(bucket: FakeBucket) -> list[Row]:
    """Every version a bucket holds now; none of them is called young, so that nothing is left out for its age."""
    return [
        Row(key, each.version, len(each.body), each.etag, marker=each.marker, parts=bool(each.parts),
            replication=each.replication, encryption="SSE-S3" if each.encryption == "AES256" else "SSE-KMS")
        for key, versions in bucket.keys.items() for each in versions
    ]  # fmt: skip


@given(
    st.dictionaries(st.integers(0, len(test_listing.KEYS) - 1), st.sampled_from(sorted(test_listing.PLANTS)), max_size=8),
    st.integers(0, 999),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_of_two_moments_name_nothing_that_was_on_its_way(tmp_path: Path, plants: dict[int, str], seed: int) -> None:
    """Writers never stop, the target lags, and each list is of another moment: the buckets as they are now decide."""
    world, expected = BucketsWorld(Random(seed), hot=4), []
    test_listing.filled(world)
    for number, name in plants.items():
        key = test_listing.KEYS[number]
        found = test_listing.PLANTS[name](world, key)
        expected += [Difference("history", f"{key}?versionId=new-{number}", *found)] if found else []
    world.sleep(0)
    target = written(tmp_path, "t", listed(world.target), "Parquet")
    world.sleep(0)
    source = written(tmp_path, "s", listed(world.source), "Parquet")  # its newest have not arrived at the first look
    looks, settling = Looks(Pair(world.source, world.target), Rule()), Settling(3, world.sleep)
    result = StoreComparison(Inventories("history", Pair(source, target), LAG, looks, settling), Clock()).compare()
    assert list(result.differences) == sorted(expected)
    assert result.whole


def test_lists_of_two_formats_are_refused(tmp_path: Path) -> None:
    """One side's keys are encoded, the other's not."""
    rows = list(alike()[0].values())
    with pytest.raises(BadInput, match="one format for both"):
        comparison(Pair(written(tmp_path, "s", rows, "CSV"), written(tmp_path, "t", rows, "Parquet")))


def test_a_list_without_what_is_needed_is_refused_by_name(tmp_path: Path) -> None:
    """The sentence names the fields to add."""
    with pytest.raises(BadInput, match="has no replication_status, encryption_status"):
        written(tmp_path, "s", [Row("a", "v"), Row("b", "v")], "CSV", schema=", ".join(WORDS[:-2]))


def test_a_file_that_can_not_be_read_gives_a_partial_result(tmp_path: Path) -> None:
    """What was read is kept; with the file in order it goes on."""
    sides = alike()
    lists = Pair(*(written(tmp_path, side, list(rows.values()), "Parquet") for side, rows in zip("st", sides, strict=True)))
    good = (tmp_path / "t-1.parquet").read_bytes()
    made = comparison(lists, tmp_path / "work")
    (tmp_path / "t-1.parquet").write_bytes(b"torn")
    result = made.compare()
    assert (result.whole, result.compared) == (False, ROWS)
    assert "can't be compared" in result.stopped
    (tmp_path / "t-1.parquet").write_bytes(good)
    assert (made.compare().whole, made.newest().differences) == (True, ())  # type: ignore[union-attr]


def test_it_is_told_beforehand_what_would_be_read(tmp_path: Path) -> None:
    """By the manifests alone."""
    rows = list(alike()[0].values())
    source, _ = comparison(Pair(written(tmp_path, "s", rows, "CSV"), written(tmp_path, "t", rows, "CSV"))).explain()
    assert (source.reads, source.unit) == (2, "files")
    assert source.size == sum(path.stat().st_size for path in tmp_path.glob("s-*"))
