"""One region's cluster: a server, the link by which it is fed, and the endpoints at which it answers.

The cluster endpoint takes connections only where the cluster writes; the reader endpoint always, as far as the server is
up. A region that is out takes none, and no link reaches it.
"""

import asyncio
import contextlib
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from psycopg import sql

from landbridge.model.region import Region
from landbridge.rehearse.fabric.database.ground import Ground
from landbridge.rehearse.fabric.database.relay import Line, Relay
from landbridge.rehearse.fabric.database.server import LOOK_SECONDS, Keeping, Server

CREATING, AVAILABLE, DELETING = "creating", "available", "deleting"
ENGINE = "aurora-postgresql"
ACCOUNT = "000000000000"


@dataclass(frozen=True)
class Asked:
    """What whoever creates a cluster says of it."""

    user: str
    password: str = field(repr=False)
    database: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class World:
    """What all clusters share: after how many seconds a dead server is back, what endpoints speak TLS with, where logs stay."""

    restart_after: Callable[[], float]
    tls: ssl.SSLContext | None
    logs: Path


class Cluster:
    """`line` is what is wrong with its link; `writes` and `upstream` are changed by moves alone."""

    def __init__(self, region: Region, name: str, ground: Ground, seed: str, world: World) -> None:
        self.region = region
        self.name = name
        self.status = CREATING
        self.instances: list[str] = []
        self.reachable = True
        self.writes = False
        self.synchronized = True
        self.upstream: Cluster | None = None
        self.line = Line()
        self.asked = Asked("", "")
        self.died: Callable[[], None] = lambda: None
        self.link = Relay(self._feeds, self.line, random.Random(f"{seed}/link/{region}/{name}"))
        self.endpoint = Relay(self._writer, tls=world.tls)
        self.reader = Relay(self._reader, tls=world.tls)
        keeping = Keeping(world.restart_after, lambda: self.died())  # noqa: PLW0108 - it is set later
        self.server = Server(
            f"{region}-{name}", ground, lambda: self.link.port, keeping, world.logs / f"database-{region}-{name}.log"
        )

    @property
    def arn(self) -> str:
        """Its name all over AWS."""
        return f"arn:aws:rds:{self.region}:{ACCOUNT}:cluster:{self.name}"

    async def listen(self) -> None:
        """Its addresses stand, whatever becomes of the server."""
        for relay in (self.link, self.endpoint, self.reader):
            await relay.start()

    async def found(self, asked: Asked) -> None:
        """A new cluster of its own, with its master user and first database."""
        self.asked = asked
        await self.server.create()
        await self.server.start()
        user, password = sql.Identifier(asked.user), sql.Literal(asked.password)
        await self.server.ask(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(user, password))
        await self.server.ask(sql.SQL("GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO {} WITH ADMIN OPTION").format(user))
        if asked.database:
            name = sql.Identifier(asked.database)
            await self.server.ask(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, user))
        await self.server.ask("CREATE TABLE rdsadmin_heartbeat (one bool PRIMARY KEY, at float8 NOT NULL)")
        self.open()

    async def sign_in_by(self, password: str) -> None:
        """The master user's password from now on; who is in stays in."""
        self.asked = replace(self.asked, password=password)
        user, literal = sql.Identifier(self.asked.user), sql.Literal(password)
        await self.server.ask(sql.SQL("ALTER ROLE {} PASSWORD {}").format(user, literal))

    async def beat(self, at: float) -> None:
        """Writes the time where this cluster writes."""
        await self.server.ask(
            "INSERT INTO rdsadmin_heartbeat VALUES (true, %s) ON CONFLICT (one) DO UPDATE SET at = excluded.at", at
        )

    async def beaten(self) -> float | None:
        """The newest time that can be read here; None when there is none yet."""
        at: float | None = await self.server.ask("SELECT at FROM rdsadmin_heartbeat")
        return at

    def open(self) -> None:
        """It writes from now on."""
        self.writes = True
        self.status = AVAILABLE

    async def join(self, upstream: "Cluster") -> None:
        """A copy of another one, made over the link; what was here is gone."""
        self.upstream = upstream
        self.asked = upstream.asked
        await self.server.copy(upstream.server.password)
        await self.server.start()
        self.status = AVAILABLE

    async def follow(self, upstream: "Cluster") -> None:
        """It is fed by another one, and has had everything that one had by now; Refused when that takes too long."""
        self.upstream = upstream
        now = await upstream.server.ask("SELECT pg_current_wal_lsn()::text")
        await self.server.until("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", now)
        self.synchronized = True

    async def promote(self) -> None:
        """It is fed no more and can write, however often it dies meanwhile; nobody gets in before `open`."""
        self.upstream = None
        await self.link.cut()
        await self.server.start()
        while True:
            with contextlib.suppress(ConnectionError):
                if not await self.server.ask("SELECT pg_is_in_recovery()"):
                    return
                await self.server.ask("SELECT pg_promote(wait_seconds => 5)")
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """It writes nothing any more: nobody gets in to write, and whoever was in is out."""
        self.writes = False
        await self.endpoint.cut()
        await self.reader.cut()

    def reach(self, *, reachable: bool) -> None:
        """The region is out, or back."""
        self.reachable = reachable
        if not reachable:
            for relay in (self.endpoint, self.reader, self.link):
                relay.drop()

    async def remove(self) -> None:
        """Everything of it is gone."""
        for relay in (self.endpoint, self.reader, self.link):
            await relay.stop()
        await self.server.remove()

    def _writer(self) -> int | None:
        return self.server.port if self.writes and self.reachable else None

    def _reader(self) -> int | None:
        return self.server.port if self.reachable else None

    def _feeds(self) -> int | None:
        up = self.upstream
        return None if up is None or not up.reachable or not self.reachable else up.server.port
