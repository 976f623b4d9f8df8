"""What do two S3 inventories take to compare, of CPU and of memory? Limits: 1.2x DuckDB's plain join, 300 MB.

Ours is the verifier as it ships (sums of buckets, then the entries of those that differ, every part kept on disk); the peer
is the full outer join anybody would write, which knows no rule; beside it stands one that answers the same question. Each
runs in a process of its own, on the same files, on two cores: the peer with two threads, ours with one a side.
Arguments: rows a side (default 1,000,000); `--curve` measures a tenth and a third of it, too.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from landbridge.model.region import Pair
from landbridge.verify import relations
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.inventories import Inventories
from landbridge.verify.objects.inventory import inventory
from landbridge.verify.settle import Settling

FILE_ROWS = 1_000_000
PLANTED = 30
TIMES, MEMORY = 1.2, 300
CREATED = datetime(2026, 11, 21, 6, tzinfo=UTC)
COLUMNS = """'{side}' AS bucket,
'history/symbol=' || (i % 997) || '/dt=2026-' || (1 + i % 12) || '/part-' || i || '.parquet' AS key,
md5(i::varchar || 'v') AS version_id, true AS is_latest, false AS is_delete_marker, (hash(i) % 10000000)::bigint AS size,
TIMESTAMP '2026-01-01' + to_seconds(i % 8000000) AS last_modified_date, md5((i + {shift})::varchar) AS e_tag,
'STANDARD' AS storage_class, false AS is_multipart_uploaded, 'COMPLETED' AS replication_status, 'SSE-S3' AS encryption_status"""
JOIN = """SELECT coalesce(s.key, t.key)
FROM read_parquet('{0}/source-*.parquet') s FULL JOIN read_parquet('{0}/target-*.parquet') t
ON s.key = t.key AND s.version_id = t.version_id WHERE s.key IS NULL OR t.key IS NULL OR s.size <> t.size OR s.e_tag <> t.e_tag
OR s.is_delete_marker <> t.is_delete_marker"""


def write(folder: Path, rows: int) -> None:
    """Both sides' files, a third of the planted entries changed, missing and extra each."""
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "500MB"})
    step = rows // PLANTED
    for side in ("source", "target"):
        files = []
        for number, first in enumerate(range(0, rows, FILE_ROWS)):
            last, path = min(first + FILE_ROWS, rows), folder / f"{side}-{number}.parquet"
            planted = f"i % {step} = {step // 2} AND i // {step} < {PLANTED}"
            kept = f"NOT ({planted} AND (i // {step}) % 3 = {1 if side == 'target' else 2})"
            shift = f"(CASE WHEN {planted} AND (i // {step}) % 3 = 0 THEN 1 ELSE 0 END)" if side == "target" else "0"
            text = f"SELECT {COLUMNS.format(side=side, shift=shift)} FROM range({first}, {last}) t(i) WHERE {kept}"
            connection.execute(f"COPY ({text}) TO '{path}' (FORMAT parquet)")
            files.append({"key": path.name, "size": path.stat().st_size})
        columns = [word.split(",")[0] for word in COLUMNS.replace("\n", " ").split(" AS ")[1:]]
        told = {"sourceBucket": side, "creationTimestamp": str(int(CREATED.timestamp() * 1000)), "fileFormat": "Parquet"}
        message = "message s3.inventory { " + " ".join(f"optional binary {name};" for name in columns) + " }"
        (folder / f"{side}.json").write_text(json.dumps({**told, "fileSchema": message, "files": files}), encoding="utf-8")


def ours(folder: Path) -> int:
    """The verifier, as it ships."""
    lists = Pair("source", "target").map(
        lambda side: inventory((folder / f"{side}.json").read_text(encoding="utf-8"), lambda key: folder / key)
    )
    subject = Inventories("history", lists, timedelta(0), None, Settling(0, time.sleep))
    result = StoreComparison(subject, time.time).compare()
    if not result.whole:
        raise AssertionError(result.stopped)
    return len(result.differences)


def join(folder: Path) -> int:
    """The join."""
    return len(duckdb.connect(config={"threads": 2}).execute(JOIN.format(folder)).fetchall())


def same_rules(folder: Path) -> int:
    """A join of what ours compares: young entries left out, ETags that say nothing passed over, FAILED named."""
    sides = [
        relations.inventory(f"read_parquet('{folder}/{side}-*.parquet')", CREATED, text=False) for side in ("source", "target")
    ]
    connection = duckdb.connect(config={"threads": 2})
    return len(connection.execute(relations.ROWS.format(source=sides[0], target=sides[1])).fetchall())


def measured(way: str, folder: Path) -> dict[str, float]:
    """One way in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(told.stdout)
    return found


WAYS = {"join": join, "join with our rules": same_rules, "ours": ours}


def child(way: str, folder: Path) -> None:
    """What it took, as JSON."""
    began = time.perf_counter()
    found = WAYS[way](folder)
    wall, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"found": found, "wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}))


def compared(rows: int) -> bool:
    """One size; whether the limits are kept."""
    with tempfile.TemporaryDirectory(prefix="landbridge-bench-") as name:
        write(Path(name), rows)
        results = {way: measured(way, Path(name)) for way in WAYS}
    for way, took in results.items():
        figures = f"{took['wall']:8.2f} s {took['cpu']:8.2f} s CPU {took['memory']:8.0f} MB"
        print(f"{rows:>12,} {way:20} {figures} {took['found']:6.0f} found")
    if any(took["found"] != PLANTED for took in results.values()):
        raise AssertionError("the bench does not measure what it says")
    mine, plain = results["ours"], results["join"]
    walls, times = mine["wall"] / plain["wall"], mine["cpu"] / plain["cpu"]
    fair = mine["cpu"] / results["join with our rules"]["cpu"]
    kept = times <= TIMES and mine["memory"] <= MEMORY
    said = f"{walls:.2f}x the join's time, {times:.2f}x its CPU, {fair:.2f}x the CPU of one with our rules"
    print(f"{'':12} {said}; limits {TIMES}x its CPU and {MEMORY} MB: {'kept' if kept else 'BROKEN'}")
    return kept


def main() -> int:
    """Prints the curve; 1 when the last size broke a limit."""
    asked = argparse.ArgumentParser()
    asked.add_argument("rows", nargs="?", type=int, default=1_000_000)
    asked.add_argument("--curve", action="store_true")
    asked.add_argument("--way")
    asked.add_argument("--folder", type=Path)
    told = asked.parse_args()
    if told.way:
        child(told.way, told.folder)
        return 0
    sizes = [told.rows // 10, told.rows // 3, told.rows] if told.curve else [told.rows]
    return int(not [compared(rows) for rows in sizes][-1])


if __name__ == "__main__":
    sys.exit(main())
