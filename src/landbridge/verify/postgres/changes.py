"""Which keys were written since the last whole comparison, so that the next one reads no others.

From a logical slot on each side, because only what both sides say they did not touch is still what it was. `pgoutput` is part
of every server; deletes and truncations are in it. The price: each slot keeps the WAL since the last whole comparison.
"""

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landbridge.model.region import Pair
from landbridge.verify.postgres.reading import Key
from landbridge.verify.postgres.server import Server
from landbridge.verify.results import read, write
from landbridge.verify.sides import at_once

MOST = 100_000  # changes after which reading everything is no dearer
STANDING = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END::text"
SLOT = "SELECT confirmed_flush_lsn <= %s::pg_lsn AND wal_status <> 'lost' FROM pg_replication_slots WHERE slot_name = %s"
PEEK = (
    """SELECT data FROM pg_logical_slot_peek_binary_changes(%s, %s::pg_lsn, %s, 'proto_version', '1', 'publication_names', %s)"""
)
ADVANCE = """
SELECT pg_replication_slot_advance(slot_name, %s::pg_lsn) FROM pg_replication_slots
WHERE slot_name = %s AND confirmed_flush_lsn < %s::pg_lsn
"""
SHAPE = """
SELECT coalesce(md5(string_agg(concat_ws(' ', oid, pg_relation_filenode(oid), relispartition), ',' ORDER BY oid)), '')
FROM pg_class WHERE relkind = 'r' AND oid >= 16384
"""
PUBLISHED = """
SELECT t.schemaname || '.' || t.tablename FROM pg_publication_tables t JOIN pg_publication p ON p.pubname = t.pubname
WHERE p.pubname = %s AND p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND to_jsonb(t)->>'rowfilter' IS NULL
"""

Keys = dict[str, set[Key]]


@dataclass(frozen=True)
class Changes:
    """The slots of both sides and the file that says where the last whole comparison stood."""

    servers: Pair[Server]
    name: str  # of the slot and of its publication, the same on both sides
    base: Path

    def standing(self) -> dict[str, str]:
        """Where both sides stand now, and which files hold their tables: a table written anew is in no log of rows."""
        sides = {server.side.value: str(server.ask(STANDING)[0][0]) for server in self.servers}
        return sides | {f"{server.side} files": str(server.ask(SHAPE)[0][0]) for server in self.servers}

    def since(
        self, asked: str, upto: Mapping[str, str], keys: Mapping[str, tuple[str, ...]], others: Collection[str]
    ) -> Keys | None:
        """The keys written on either side, and those that differed then; None = nobody can tell, so everything is read.

        `keys` names each compared table's key columns; what happens in `others` is of no interest.
        """
        stood = read(self.base)
        same = ("asked", *(f"{server.side} files" for server in self.servers))
        if not stood or any(stood.get(name) != {"asked": asked, **upto}[name] for name in same):
            return None
        sides = self.servers.map(lambda server: (server, stood[server.side], upto[server.side]))
        told = at_once(sides, lambda side: self._told(*side, keys, others))
        if told.source is None or told.target is None:
            return None
        apart = {name: {tuple(key) for key in each} for name, each in stood["apart"].items()}
        return {name: set().union(*(each.get(name, ()) for each in (apart, *told))) for name in keys}

    def keep(self, asked: str, upto: Mapping[str, str], apart: Mapping[str, Collection[Key]]) -> None:
        """A comparison was whole: the next one needs nothing from before its beginning."""
        write(self.base, {"asked": asked, **upto, "apart": {name: sorted(keys) for name, keys in apart.items()}})
        for server in self.servers:
            server.ask(ADVANCE, [upto[server.side], self.name, upto[server.side]])

    def _told(
        self, server: Server, base: str, upto: str, keys: Mapping[str, tuple[str, ...]], others: Collection[str]
    ) -> Keys | None:
        standing = server.ask(SLOT, [base, self.name])
        published = {name for (name,) in server.ask(PUBLISHED, [self.name])}
        if not standing or not standing[0][0] or keys.keys() - published:
            return None
        messages = [bytes(row[0]) for row in server.ask(PEEK, [self.name, upto, MOST, self.name])]
        return None if len(messages) >= MOST else Decoding(keys, others).keys_of(messages)


@dataclass
class Decoding:
    """The messages of `pgoutput`, version 1, as far as keys go."""

    keys: Mapping[str, tuple[str, ...]]
    others: Collection[str]
    relations: dict[int, tuple[str, list[str]]] = field(default_factory=dict)
    found: Keys = field(default_factory=dict)

    def keys_of(self, messages: list[bytes]) -> Keys | None:
        """Every key that was written; None = a table was emptied, or one nobody knows was written."""
        for message in messages:
            match message[:1]:
                case b"R":
                    self._relation(message)
                case b"I" | b"U" | b"D":
                    if not self._row(message):
                        return None
                case b"T":
                    return None
        return self.found

    def _relation(self, message: bytes) -> None:
        (oid,) = struct.unpack_from("!I", message, 1)
        schema, name, rest = message[5:].split(b"\0", 2)
        (count,) = struct.unpack_from("!H", rest, 1)
        names, at = [], 3
        for _ in range(count):
            end = rest.index(b"\0", at + 1)
            names.append(rest[at + 1 : end].decode())
            at = end + 9
        self.relations[oid] = (f"{schema.decode()}.{name.decode()}", names)

    def _row(self, message: bytes) -> bool:
        (oid,) = struct.unpack_from("!I", message, 1)
        table, names = self.relations[oid]
        if table not in self.keys:
            return table in self.others
        at = 5
        while at < len(message):
            values, at = _tuple(message, at + 1)
            self.found.setdefault(table, set()).add(tuple(values[names.index(each)] or "" for each in self.keys[table]))
        return True


def _tuple(message: bytes, at: int) -> tuple[list[str | None], int]:
    (count,) = struct.unpack_from("!H", message, at)
    values: list[str | None] = []
    at += 2
    for _ in range(count):
        kind, at = message[at : at + 1], at + 1
        if kind != b"t":
            values.append(None)
            continue
        (size,) = struct.unpack_from("!I", message, at)
        values.append(message[at + 4 : at + 4 + size].decode())
        at += 4 + size
    return values, at
