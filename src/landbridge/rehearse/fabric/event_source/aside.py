"""The invocation record: what AWS writes to the on-failure destination about records that are given up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from landbridge.rehearse.fabric.event_source.lane import Act
from landbridge.rehearse.fabric.event_source.record import Record
from landbridge.rehearse.fabric.event_source.settings import Settings


@dataclass(frozen=True, slots=True)
class Aside:
    """One invocation record: where it goes is the mapping's to say, `key` is the object's name in a bucket."""

    key: str
    body: str


def aside(settings: Settings, shard: str, act: Act, *, at: float, name: str, payload: dict[str, Any] | None) -> Aside:
    """The record of an act; a bucket gets the whole event too, as text."""
    told: dict[str, Any] = {"requestContext": _request(settings, act, name)}
    if act.last is not None:
        error = {"functionError": act.last.error} if act.last.error else {}
        told["responseContext"] = {"statusCode": 200, "executedVersion": act.last.version, **error}
    told |= {"version": "1.0", "timestamp": moment(at), "KinesisBatchInfo": _batch(settings.stream, shard, act.records)}
    if payload is not None:
        told["payload"] = json.dumps(payload, separators=(",", ":"))
    return Aside(_key(settings.uuid, shard, at, name), json.dumps(told))


def moment(at: float) -> str:
    """A time as AWS writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _request(settings: Settings, act: Act, name: str) -> dict[str, Any]:
    return {
        "requestId": act.last.request if act.last is not None and act.last.request else name,
        "functionArn": settings.function,
        "condition": act.condition,
        "approximateInvokeCount": act.invoked,
    }


def _batch(stream: str, shard: str, records: Sequence[Record]) -> dict[str, Any]:
    return {
        "shardId": shard,
        "startSequenceNumber": records[0].sequence,
        "endSequenceNumber": records[-1].sequence,
        "approximateArrivalOfFirstRecord": moment(records[0].arrived),
        "approximateArrivalOfLastRecord": moment(records[-1].arrived),
        "batchSize": len(records),
        "streamArn": stream,
    }


def _key(uuid: str, shard: str, at: float, name: str) -> str:
    day = datetime.fromtimestamp(at, UTC)
    return f"aws/lambda/{uuid}/{shard}/{day:%Y/%m/%d/%Y-%m-%dT%H.%M.%S}-{name}"
