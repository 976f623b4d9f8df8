"""Keeps records that can't be copied, each with its position, as lines of JSON in the region's bucket for them.

An object is named by its first and last record, so the same records kept again make the same object; records cut
into batches another way can lie there twice, told by their position.
"""

import json
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.agents.lines import Letter, shard_of


class SetAside:
    """The bucket, by a client of the region's own S3."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def keep(self, letters: Sequence[Letter]) -> bool:
        """Whether all of them are kept; False = they must be given again."""
        lines = [_line(letter) for letter in letters]
        first, last = lines[0], lines[-1]
        key = f"replicator/{first['region']}/{first['stream']}/{first['shard']}/{first['sequence']}-{last['sequence']}.jsonl"
        body = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines)
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body.encode(), ContentType="application/jsonl")
        except (BotoCoreError, ClientError):
            return False
        return True


def _line(letter: Letter) -> dict[str, Any]:
    """The record as Lambda gave it, its data in base64."""
    kinesis = letter.record["kinesis"]
    return {
        "region": letter.record["awsRegion"],
        "stream": str(letter.record["eventSourceARN"]).rpartition("/")[2],
        "shard": shard_of(letter.record),
        "sequence": kinesis["sequenceNumber"],
        "partition_key": kinesis["partitionKey"],
        "arrived": kinesis["approximateArrivalTimestamp"],
        "why": letter.why,
        "data": kinesis["data"],
    }
