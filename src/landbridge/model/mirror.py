"""How a live stream's records lie in the other side's mirror: packs, each of one partition key, in order, with positions.

A pack is stored whole or not at all. So a key's records can't overtake each other where PutRecords stores some of a
request and not others, and a request carries thousands of them. The cost: whoever reads a mirror unpacks.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landbridge.model.errors import BadInput
from landbridge.model.market import Entry, entry_of

HEAD = '{"kind":"pack",'
SHAPE = {"kind": str, "region": str, "shard": str, "records": list}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was first put: a live stream's region and shard, and its place there."""

    region: str
    shard: str
    sequence: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A record that came from the other side."""

    entry: Entry
    origin: Origin


def piece(sequence: str, text: str) -> str:
    """A record of a pack; `text` is what lies in the live stream, known to be an entry and left as it is."""
    return f'{{"sequence":"{sequence}","entry":{text}}}'


def head(region: str, shard: str) -> str:
    """How every pack of a live shard begins."""
    return f'{HEAD}"region":{json.dumps(region)},"shard":{json.dumps(shard)},"records":['


def pack(begun: str, pieces: Iterable[str]) -> bytes:
    """A mirror record's data: a shard's `head`, and pieces of one partition key in the shard's order."""
    return f"{begun}{','.join(pieces)}]}}".encode()


def unpack(data: bytes) -> list[Carried]:
    """What a mirror record holds, in order; whatever is not exactly a pack is refused."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, Mapping) or {name: type(value) for name, value in found.items()} != SHAPE or not found["records"]:
        raise _no_pack()
    return [_carried(found["region"], found["shard"], each) for each in found["records"]]


def _carried(region: str, shard: str, record: object) -> Carried:
    if not isinstance(record, Mapping) or record.keys() != {"sequence", "entry"} or not isinstance(record["sequence"], str):
        raise _no_pack()
    return Carried(entry_of(record["entry"]), Origin(region, shard, record["sequence"]))


def _no_pack() -> BadInput:
    return BadInput("mirror record", "is no pack of a live stream's records", "let the replicator alone write into a mirror")
