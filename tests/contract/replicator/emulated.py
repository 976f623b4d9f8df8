"""The streams of two emulated regions, and the replicator between them, driven by hand."""

import base64
import io
import random
from dataclasses import dataclass
from typing import Any

from tests.contract.platform.emulators import SOURCE, TARGET
from tests.contract.replicator.mapping import mirror_at

from landbridge.agents.mirror_stream import MirrorStream
from landbridge.agents.replicator import Replicator, answer
from landbridge.agents.set_aside import SetAside
from landbridge.aws.clients import Clients
from landbridge.model.mirror import Carried, unpack
from landbridge.model.region import Region
from landbridge.replicate.shards import shards

LIVE, MIRROR, FUNCTION, BUCKET = "live", "mirror", "replicator", "set-aside"
SETTINGS: dict[str, Any] = {
    "BatchSize": 1000,
    "BisectBatchOnFunctionError": True,
    "Enabled": False,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "StartingPosition": "TRIM_HORIZON",
}


@dataclass(frozen=True)
class Emulated:
    """Both regions by their clients."""

    clients: Clients

    def make(self, code: bytes) -> None:
        """Streams, bucket, function, and its mapping as the stack will make it."""
        for region in (SOURCE, TARGET):
            for stream in (LIVE, MIRROR):
                self.kinesis(region).create_stream(StreamName=stream, ShardCount=2)
        self.clients.client("s3", SOURCE).create_bucket(Bucket=BUCKET)
        functions = self.clients.client("lambda", SOURCE)
        role = "arn:aws:iam::000000000000:role/any"
        what = {"Runtime": "python3.11", "Handler": f"{FUNCTION}.handler", "Role": role, "Code": {"ZipFile": code}}
        functions.create_function(FunctionName=FUNCTION, **what)
        functions.create_event_source_mapping(FunctionName=FUNCTION, EventSourceArn=self.arn(), **SETTINGS)

    def kinesis(self, region: Region) -> Any:
        """That region's streams."""
        return self.clients.client("kinesis", region)

    def arn(self) -> str:
        """The source's live stream."""
        found = self.kinesis(SOURCE).describe_stream_summary(StreamName=LIVE)
        return str(found["StreamDescriptionSummary"]["StreamARN"])

    def put(self, key: str, data: bytes) -> None:
        """One record of a feed."""
        self.kinesis(SOURCE).put_record(StreamName=LIVE, PartitionKey=key, Data=data)

    def copy(self) -> None:
        """One call of the function for everything each live shard holds, from its beginning: whatever was copied comes twice."""
        arn = self.arn()
        made = Replicator(SOURCE, arn, self._mirror(), self._aside(), lambda _seconds: None, random.Random(1).random)
        for shard in shards(self.kinesis(SOURCE), LIVE):
            event = [_event(arn, shard.name, each) for each in self._records(SOURCE, LIVE, shard.name)]
            if event:
                assert answer(event, lambda: 60_000, lambda: made, io.StringIO()) == {"batchItemFailures": []}

    def mirrored(self) -> list[Carried]:
        """Everything in the target's mirror, shard by shard."""
        names = [shard.name for shard in shards(self.kinesis(TARGET), MIRROR)]
        return [each for name in names for record in self._records(TARGET, MIRROR, name) for each in unpack(record["Data"])]

    def kept(self) -> list[str]:
        """What lies in the bucket."""
        s3 = self.clients.client("s3", SOURCE)
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        return [s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys]

    def _mirror(self) -> MirrorStream:
        return mirror_at(self.clients.endpoints[TARGET])

    def _aside(self) -> SetAside:
        return SetAside(self.clients.client("s3", SOURCE, retries=False), BUCKET)

    def _records(self, region: Region, stream: str, shard: str) -> list[dict[str, Any]]:
        kinesis = self.kinesis(region)
        place = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        found: list[dict[str, Any]] = kinesis.get_records(ShardIterator=place["ShardIterator"])["Records"]
        return found


def _event(arn: str, shard: str, record: dict[str, Any]) -> dict[str, Any]:
    """As Lambda gives it."""
    kinesis = {
        "partitionKey": record["PartitionKey"],
        "sequenceNumber": record["SequenceNumber"],
        "data": base64.b64encode(record["Data"]).decode(),
        "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
    }
    place = {"eventID": f"{shard}:{record['SequenceNumber']}", "awsRegion": SOURCE, "eventSourceARN": arn}
    return {"kinesis": kinesis, **place}
