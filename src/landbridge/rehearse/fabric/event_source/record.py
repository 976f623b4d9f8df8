"""Records as a stream gives them, a place among them, and the event a function is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

EVENT_BYTES = 500  # what the event says of a record besides its key and data, at most


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `data` is base64, as it comes and as it goes on."""

    sequence: str
    key: str
    data: str
    arrived: float

    @property
    def size(self) -> int:
        """The bytes it takes in an event, roughly and never less."""
        return len(self.data) + len(self.key) + EVENT_BYTES


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read on in a shard: behind a sequence number, from a moment on, or (neither) at the oldest record."""

    after: str = ""
    since: float | None = None

    def iterator(self) -> dict[str, Any]:
        """As GetShardIterator wants it."""
        if self.after:
            return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": self.after}
        if self.since is not None:
            return {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": self.since}
        return {"ShardIteratorType": "TRIM_HORIZON"}


def event(records: Sequence[Record], stream: str, shard: str, role: str) -> dict[str, Any]:
    """What Lambda hands a function for these records of one shard."""
    region = stream.split(":")[3]
    return {"Records": [_told(record, stream, shard, role, region) for record in records]}


def _told(record: Record, stream: str, shard: str, role: str, region: str) -> dict[str, Any]:
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.key,
            "sequenceNumber": record.sequence,
            "data": record.data,
            "approximateArrivalTimestamp": record.arrived,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{record.sequence}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": role,
        "awsRegion": region,
        "eventSourceARN": stream,
    }
