"""Where the transform puts what it processes, on AWS: rows, history, what is set aside, and which markers it has passed."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import Unreachable
from landbridge.model.market import HEARTBEAT_FEED, EndMarker, Stream, Tick
from landbridge.model.pen import Epoch
from landbridge.workloads.trading.analytics import AnalyticsTable
from landbridge.workloads.trading.history import History
from landbridge.workloads.trading.market import Placed, Spoilt
from landbridge.workloads.trading.regional import wire

NEWER = "attribute_not_exists(#turn) OR #turn < :turn"


@dataclass(frozen=True)
class Aside:
    """The region's bucket for records that can't be processed."""

    s3: Any
    bucket: str
    region: str

    def keep(self, read_from: str, position: str, spoilt: Spoilt) -> None:
        """The record as it came, with its position and what is wrong with it; the same object however often."""
        told = {"region": self.region, "read_from": read_from, "position": position, "why": spoilt.why}
        body = json.dumps({**told, "data": base64.b64encode(spoilt.data).decode()}, sort_keys=True).encode()
        key = f"transform/{self.region}/{read_from}/{position}.json"
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")
        except (BotoCoreError, ClientError) as error:
            raise Unreachable(self.region, type(error).__name__) from error


@dataclass(frozen=True)
class Sinks:
    """All of them, for what was read from one shard."""

    table: AnalyticsTable
    history: History
    aside: Aside
    read_from: str

    def put(self, found: Sequence[Placed], epoch: Epoch) -> None:
        """Rows, history, and what is spoilt; idempotent. What only tells the lag is kept nowhere. May raise Unreachable."""
        ticks = [(position, each) for position, each in found if isinstance(each, Tick) and each.feed != HEARTBEAT_FEED]
        if ticks:
            self.table.put([tick for _, tick in ticks], epoch)
            self.history.put(ticks, epoch, self.read_from)
        for position, each in found:
            if isinstance(each, Spoilt):
                self.aside.keep(self.read_from, position, each)


class PassedMarkers:
    """Which end markers this region has passed, in its own table beside the pens."""

    def __init__(self, dynamodb: Any, pens: str, region: str) -> None:
        self._dynamodb, self._pens, self._region = dynamodb, pens, region

    def turn(self, stream: Stream, origin: str, shard: str) -> int:
        """The newest turn noted of that shard of the origin's live stream, strongly consistent; 0 = none."""
        key = wire(passed_key(stream, origin, shard))
        try:
            item = self._dynamodb.get_item(TableName=self._pens, Key=key, ConsistentRead=True).get("Item")
        except (BotoCoreError, ClientError) as error:
            raise Unreachable(self._region, type(error).__name__) from error
        return int(item["turn"]["N"]) if item else 0

    def note(self, stream: Stream, marker: EndMarker) -> None:
        """This marker was passed in this stream; an older turn changes nothing."""
        item = {**passed_key(stream, marker.region, marker.shard), "turn": marker.turn, "epoch": marker.epoch}
        try:
            self._dynamodb.put_item(
                TableName=self._pens,
                Item=wire(item),
                ConditionExpression=NEWER,
                ExpressionAttributeNames={"#turn": "turn"},
                ExpressionAttributeValues=wire({":turn": marker.turn}),
            )
        except ClientError as refused:
            if refused.response.get("Error", {}).get("Code") != "ConditionalCheckFailedException":
                raise Unreachable(self._region, type(refused).__name__) from refused
        except BotoCoreError as error:
            raise Unreachable(self._region, type(error).__name__) from error


def passed_key(stream: Stream, origin: str, shard: str) -> dict[str, str]:
    """Where the newest marker passed of a shard is noted."""
    return {"pk": "passed#market", "sk": f"{stream}#{origin}#{shard}"}
