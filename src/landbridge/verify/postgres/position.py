"""How far the copying is: where the source stands, and whether the target has got there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from landbridge.model.region import Pair
from landbridge.verify.postgres.server import Server

PAGE, SEGMENT = 8192, 2**20  # a WAL page; every segment is a multiple of this
HEADER, LONG_HEADER = 24, 40


class Copying(Protocol):
    """What tells a copy that is behind from one that is apart."""

    def position(self) -> str:
        """Where the source stands: everything committed there before this call lies at or below it."""

    def reached(self, position: str) -> bool:
        """Whether everything at or below it is visible at the target."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A physical standby: its replayed WAL against the source's."""

    servers: Pair[Server]

    def position(self) -> str:
        """What is inserted, not only what is flushed: a commit that does not wait for the disk is visible before that."""
        asked = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END::text"
        return _text(_before_header(_number(self.servers.source.ask(asked)[0][0])))

    def reached(self, position: str) -> bool:
        """As the standby says."""
        replayed = "SELECT coalesce(pg_last_wal_replay_lsn() >= %s::pg_lsn, true)"
        return bool(self.servers.target.ask(replayed, [position])[0][0])


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A copy whose position nobody can read: what was written so long ago has arrived, or it is missing."""

    seconds: float
    clock: Callable[[], float]

    def position(self) -> str:
        """Now."""
        return repr(self.clock())

    def reached(self, position: str) -> bool:
        """Whether it is old enough."""
        return self.clock() - float(position) >= self.seconds


def copying(servers: Pair[Server], settle_seconds: float, clock: Callable[[], float]) -> Copying:
    """The standby's own word where the target is one, else the time."""
    if servers.target.ask("SELECT pg_is_in_recovery()")[0][0]:
        return Replay(servers)
    return Elapsed(settle_seconds, clock)


def _number(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def _text(lsn: int) -> str:
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"


def _before_header(lsn: int) -> int:
    """An insert position just behind a page's header: no record ends there, so no standby would ever say it was there."""
    into = lsn % PAGE
    return lsn - into if into == HEADER or (lsn % SEGMENT == LONG_HEADER) else lsn
