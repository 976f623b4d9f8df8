"""Two PostgreSQL tables compared: how near to one hash query a side, and how far below a tool that brings sums to the client?

Goals at 5 million rows a side with 30 planted differences: all found exactly; at most 1.3 times the server time of the one
query with the same digest (two seeds); 8 times less CPU than data-diff; client CPU below 0.5 s; a second pass over
1,000 changes reads at most 2 % of the rows. `python -m bench.verify_postgres ROWS...` takes sizes; the goals are for 5000000,
and `--curve` is 100000 1000000 5000000. At the end stands one line a size.
data-diff is compared where .cache/data-diff holds it (pip install "dbt-core<1.9" "pydantic<2" psycopg2-binary data-diff),
pg_comparator where bench/peers/pg_comparator.py finds it: then all of it runs on the server that it is made for.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from bench.peers import pg_comparator
from tests.contract.postgres.servers import Postgres, Twins, binaries

COLUMNS = "id, usr, sym, qty, price, at, note, ok"
TABLE = """CREATE TABLE o (id bigint PRIMARY KEY, usr text NOT NULL, sym text, qty numeric(18,4), price numeric(18,6),
    at timestamptz, note text, ok boolean)"""
FILL = """INSERT INTO o SELECT g, 'user-' || g % 10000, 'SYM' || g % 500, g % 1000 / 3.0, g % 777 / 7.0,
    timestamptz '2026-01-01' + g * interval '1 second', CASE WHEN g % 3 > 0 THEN 'note ' || g END, g % 2 = 0
    FROM generate_series(1, {}) g"""
ONE_SEED = "SELECT count(*), sum(hash_record_extended(o, 1)) FROM o"
TWO_SEEDS = "SELECT count(*), sum(hash_record_extended(o, 1)), sum(hash_record_extended(o, 2)) FROM o"
READ = "SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables WHERE relname = 'o'"
PEER = Path(".cache/data-diff/bin/data-diff")
CURVE = (100_000, 1_000_000, 5_000_000)
CHANGES = 1000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Took:
    """One way of comparing."""

    wall: float
    servers: float  # CPU of both
    client: float

    @property
    def cpu(self) -> float:
        """All of it."""
        return self.servers + self.client


def cpu_of(server: Postgres) -> float:
    """CPU seconds of a server's process and all its children, those that ended included."""
    assert server.process
    ours = {server.process.pid}
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) in ours:
                total += int(fields[11]) + int(fields[12])
            elif int(folder.name) in ours:
                total += sum(map(int, fields[11:15]))
    return total / TICKS


@contextmanager
def measured(twins: Twins, into: dict[str, Took], name: str) -> Iterator[None]:
    """Wall, and CPU on both ends; a child process that ended counts as the client."""
    began, servers = time.perf_counter(), sum(map(cpu_of, twins.servers))
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    yield
    now = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    client = sum(a.ru_utime + a.ru_stime - b.ru_utime - b.ru_stime for a, b in zip(now, own, strict=True))
    into[name] = Took(time.perf_counter() - began, sum(map(cpu_of, twins.servers)) - servers, client)


def both(twins: Twins, statement: str) -> None:
    """One query a side, at once, on one core each."""

    def ask(address: str) -> None:
        with psycopg.connect(address) as connection:
            connection.execute("SET max_parallel_workers_per_gather = 0")
            connection.execute("SET jit = off")
            connection.execute(statement).fetchall()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, (twins.source, twins.target)))


def planted(twins: Twins, rows: int) -> set[str]:
    """Thirty differences at the target: changed, missing, extra; the first and the last row among them."""
    step = rows // 10
    changed, missing = [1 + n * step for n in range(10)], [rows - n * step for n in range(10)]
    extra = [rows + 1 + n for n in range(9)] + [0]
    named = ", ".join(map(str, changed))
    gone = ", ".join(map(str, missing))
    twins.at_target(f"UPDATE o SET price = price + 0.000001 WHERE id IN ({named})", f"DELETE FROM o WHERE id IN ({gone})")
    twins.at_target(*(f"INSERT INTO o (id, usr) VALUES ({row}, 'extra')" for row in extra))
    return {f"public.o {row}" for row in (*changed, *missing, *extra)}


def compared(twins: Twins, expected: set[str], **settings: object) -> int:
    """By the product; exactly the expected rows differ."""
    result = twins.compare(**settings)
    assert result.whole, result.stopped
    assert {each.key for each in result.differences} == expected
    return result.compared


def peer(twins: Twins) -> int:
    """By data-diff; how many rows it calls different."""
    urls = [
        f"postgresql://postgres:none@127.0.0.1:{server.port}/{name}"
        for server, name in zip(twins.servers, twins.names, strict=True)
    ]
    columns = [part for name in COLUMNS.split(", ")[1:] for part in ("-c", name)]
    command = [str(PEER), urls[0], "o", urls[1], "o", "-k", "id", *columns]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return len({line[1:].split(",")[0].strip(" (") for line in said.stdout.splitlines() if line[:1] in {"+", "-"}})


def second_pass(twins: Twins, rows: int, expected: set[str], took: dict[str, Took]) -> float:
    """The share of the rows that is read after 1,000 changes."""
    step = rows // CHANGES
    twins.both(f"UPDATE o SET note = 'changed' WHERE id % {step} = 3 AND id <= {rows}")
    for server, name in zip(twins.servers, twins.names, strict=True):
        server.leave(name)  # a session tells what it read when it ends, at the latest
    time.sleep(2)  # until both have written their statistics of that
    before = [twins_read(twins, side) for side in (0, 1)]
    with measured(twins, took, "ours, after 1,000 changes"):
        looked = compared(twins, expected, changes="seen")
    time.sleep(2)
    read = max(twins_read(twins, side) - before[side] for side in (0, 1))
    print(f"  second pass: {looked} keys looked at, {read} rows read on the busier side: {read / rows:.3%}")
    return read / rows


def twins_read(twins: Twins, side: int) -> int:
    """Rows a side has read so far, by its own statistics."""
    return int(twins.servers[side].asks(twins.names[side], READ)[0][0])


def made(folder: Path, servers: tuple[Postgres, Postgres], rows: int) -> Twins:
    """The same table on both sides, with a slot each."""
    name = f"bench{rows}"
    for server in servers:
        server.does("postgres", f"CREATE DATABASE {name}")
    twins = Twins.of(servers, (name, name), folder / name)
    twins.both(TABLE, FILL.format(rows), "CREATE PUBLICATION seen FOR TABLE o", "VACUUM (ANALYZE) o", "CHECKPOINT")
    return twins


def measure(twins: Twins, rows: int) -> tuple[bool, Took]:
    """All ways, one after the other, on one table; whether the goals are kept, and what ours took."""
    expected, took = planted(twins, rows), dict[str, Took]()
    twins.both("VACUUM (ANALYZE) o", "SELECT pg_create_logical_replication_slot('seen', 'pgoutput')")
    both(twins, TWO_SEEDS)  # everything in memory from here on
    ways: dict[str, Callable[[], object]] = {
        "one query, one seed": lambda: both(twins, ONE_SEED),
        "one query, two seeds (the limit)": lambda: both(twins, TWO_SEEDS),
        "ours": lambda: compared(twins, expected, changes="seen", full=True),
        "the limit again": lambda: both(twins, TWO_SEEDS),
        "ours again": lambda: compared(twins, expected, full=True),
    }
    if PEER.exists():
        ways["data-diff"] = lambda: print(f"  data-diff calls {peer(twins)} rows different")
    if pg_comparator.installed():
        pg_comparator.prepare(twins)
        ways["pg_comparator"] = lambda: print(f"  pg_comparator calls {pg_comparator.differing(twins, COLUMNS)} rows different")
    for name, way in ways.items():
        with measured(twins, took, name):
            way()
    share = second_pass(twins, rows, expected, took)
    return told(rows, took, share), took["ours"]


def told(rows: int, took: dict[str, Took], share: float) -> bool:
    """The figures, and whether they are what they should be."""
    print(f"{rows} rows a side; seconds")
    for name, each in took.items():
        print(f"  {name:<34} wall {each.wall:7.2f}   servers' CPU {each.servers:7.2f}   client's CPU {each.client:6.2f}")
    limit = took["one query, two seeds (the limit)"].servers + took["the limit again"].servers
    ratio = (took["ours"].servers + took["ours again"].servers) / limit
    client = min(took["ours"].client, took["ours again"].client)
    print(f"  ours / the limit, servers' CPU: {ratio:.2f} (goal 1.3); client's CPU {client:.2f} s (goal 0.5)")
    good = ratio <= 1.3 and client < 0.5 and share <= 0.02
    for peer_, goal in (("data-diff", 8), ("pg_comparator", 2)):
        if peer_ in took:
            times = took[peer_].cpu / took["ours"].cpu
            print(f"  {peer_} / ours, all CPU: {times:.1f} (goal {goal})")
            good = good and times >= goal
        else:
            print(f"  {peer_} is not installed in .cache/{peer_}: not compared with it")
    print(f"  memory of this process so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most")
    return good


def main() -> int:
    """Every size; 0 where the largest keeps all goals."""
    sizes = CURVE if sys.argv[1:] == ["--curve"] else sorted(map(int, sys.argv[1:])) or [200_000]
    programs = pg_comparator.SERVERS if pg_comparator.installed() else binaries()
    servers = (Postgres(programs), Postgres(programs))
    good, curve = False, dict[int, Took]()
    try:
        for server in servers:
            server.made(memory="2GB")  # everything in it, as a database is sized
        with tempfile.TemporaryDirectory() as folder:
            for rows in sizes:
                twins = made(Path(folder), servers, rows)
                good, curve[rows] = measure(twins, rows)
                for server, name in zip(servers, twins.names, strict=True):
                    server.does(name, "SELECT pg_drop_replication_slot('seen')")
                    server.leave(name)
                    server.does("postgres", f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        for server in servers:
            server.gone()
    for rows, took in curve.items():
        each = 1e6 * took.cpu / rows
        print(f"{rows:>12,} rows a side: ours {took.wall:7.2f} s, {took.cpu:7.2f} s CPU, {each:5.2f} s CPU a million rows")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
