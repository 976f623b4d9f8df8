"""One PostgreSQL server: its data, its process, and a keeper that starts it again when it dies.

It takes another free port every time it starts; `port` is where it is now. Whether it is a primary or a standby stands in
its folder, so it comes back as what it was. Commits outlive the death of the process; the machine's own is not guarded
against (fsync is off), as nothing here outlives a rehearsal.
"""

import asyncio
import contextlib
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.sql import Composed

from landbridge.model.errors import Refused
from landbridge.rehearse.emulator.ministack import free_port
from landbridge.rehearse.fabric.database import processes
from landbridge.rehearse.fabric.database.ground import Ground

Statement = LiteralString | Composed

ADMIN = "rdsadmin"
LOOK_SECONDS = 0.02
READY_SECONDS = 60.0
QUICK_SECONDS = 5.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "fsync": "off",
    "wal_keep_size": "1GB",  # a link may be down for long, and nobody wants a copy made anew for it
    "wal_sender_timeout": "0",  # only our own line says when a link is lost
    "wal_receiver_timeout": "0",
    "wal_retrieve_retry_interval": "100ms",
    "hot_standby": "on",
    "log_checkpoints": "off",
}
INITDB = ("-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions", "--wal-segsize=4", "-A", "scram-sha-256")


@dataclass(frozen=True)
class Keeping:
    """What the keeper does when the server dies: `died` is told, and it comes back after so many seconds."""

    after: Callable[[], float]
    died: Callable[[], None]


@dataclass
class Server:
    """Not there until `create` or `copy`; then `start` and `stop`, both safe to repeat."""

    name: str
    ground: Ground
    upstream: Callable[[], int]  # the port of the link it is fed by, when it is a standby
    keeping: Keeping
    log: Path
    password: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    port: int = 0
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    _keeper: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        """Its folder."""
        return self.ground.folder / self.name / "data"

    @property
    def pid(self) -> int | None:
        """Its first process, or None when it is down."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    def pids(self) -> tuple[int, ...]:
        """Every process of it."""
        return processes.running(self.data)

    async def create(self) -> None:
        """A new and empty one."""
        home = self.ground.make(self.name)
        secret = self._secret(home / "secret", self.password)
        await self.ground.run("initdb", "-D", str(self.data), "-U", ADMIN, f"--pwfile={secret}", *INITDB)
        self._secret(home / "pass", f"*:*:*:{ADMIN}:{self.password}")

    async def copy(self, password: str) -> None:
        """A copy of the one at the other end of the link, made while that one works; what was here is gone."""
        await self.stop()
        await asyncio.to_thread(self._clear)
        home = self.ground.make(self.name)
        self.password = password
        secret = self._secret(home / "pass", f"*:*:*:{ADMIN}:{password}")
        said = f"host=127.0.0.1 port={self.upstream()} user={ADMIN} passfile={secret}"
        await self.ground.run("pg_basebackup", "-D", str(self.data), "-d", said, "-c", "fast", "-X", "stream", "--no-sync")
        await asyncio.to_thread(self.be_standby)

    def be_standby(self) -> None:
        """From its next start on it only reads what it is fed."""
        self._secret(self.data / "standby.signal", "")

    async def start(self) -> None:
        """Runs and answers."""
        if self._keeper is None:
            self._process = await self._launch()
            self._keeper = asyncio.create_task(self._keep(self._process))
        await self.until("SELECT true")

    async def stop(self, seconds: float = QUICK_SECONDS) -> None:
        """Down: in order while so many seconds last, in which whoever copies it is sent everything, and then at once."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        process, self._process = self._process, None
        if process is not None:
            await _ended(process, seconds)
        await asyncio.to_thread(self._sweep)

    async def ended_at(self) -> str | None:
        """Where the log of a server that is down ends; None when it did not end in order."""
        said = await self.ground.run("pg_controldata", "-D", str(self.data), environment={"LC_ALL": "C"})
        told = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
        in_order = told["Database cluster state"].strip().startswith("shut down")
        return told["Latest checkpoint location"].strip() if in_order else None

    async def remove(self) -> None:
        """Down, and nothing of it is left but its log."""
        await self.stop()
        await asyncio.to_thread(self._clear)

    async def ask(self, statement: Statement, *values: Any, database: str = "postgres") -> Any:
        """The first row's first value; OSError when the server does not answer."""
        try:
            async with await self._connect(database) as connection:
                cursor = await connection.execute(statement, values or None)
                row = await cursor.fetchone() if cursor.description else None
                return row[0] if row else None
        except psycopg.OperationalError as silent:
            raise ConnectionError(str(silent)) from silent

    async def until(self, statement: Statement, *values: Any, seconds: float = READY_SECONDS) -> None:
        """Waits until the server answers and the statement is true; Refused after so many seconds."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            with contextlib.suppress(ConnectionError):
                if await self.ask(statement, *values):
                    return
            if asyncio.get_running_loop().time() > end:
                raise Refused("this machine", f"waiting for database {self.name}", f"not within {seconds:.0f} s; read {self.log}")
            await asyncio.sleep(LOOK_SECONDS)

    async def _connect(self, database: str) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        return await psycopg.AsyncConnection.connect(
            host="127.0.0.1",
            port=self.port,
            user=ADMIN,
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    async def _launch(self) -> asyncio.subprocess.Process:
        await asyncio.to_thread(self._sweep)
        self.port = free_port()
        fed = f"host=127.0.0.1 port={self.upstream()} user={ADMIN} passfile={self.data.parent / 'pass'}"
        settings = {**SETTINGS, "port": str(self.port), "primary_conninfo": fed}
        told = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        spawning = asyncio.ensure_future(self.ground.serve(self.data, self.log, *told))
        try:
            return await asyncio.shield(spawning)
        except asyncio.CancelledError:
            self._process = await spawning  # cancelled in between, nobody would know of it
            raise

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        while True:
            await process.wait()
            self.keeping.died()
            await asyncio.sleep(self.keeping.after())
            process = self._process = await self._launch()

    def _sweep(self) -> None:
        """What a killed server left is gone: its orphans would keep the next one from starting."""
        processes.end(self.data)
        while processes.running(self.data):
            pass
        processes.free_memory(self.data)

    def _clear(self) -> None:
        self.ground.clear(self.name)

    def _secret(self, path: Path, text: str) -> Path:
        return self.ground.write(path, text)


async def _ended(process: asyncio.subprocess.Process, seconds: float) -> None:
    """Tells it to end: in order, then at once, then not asking."""
    for number, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, QUICK_SECONDS), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await process.wait()
            return
