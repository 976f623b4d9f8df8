"""What client CPU does a copied record cost, retries and order included? Limits: half of plain boto3's, and 20 us.

The peer is beside it in the same run: boto3 as it comes, PutRecords of 500, what failed sent again (which keeps no
order). The service is a process of its own that fails one record in twenty; only the client's CPU is counted. A batch
is what one call of the function gets from a shard that takes 500 records a second. Of 500 different keys in a batch
nothing can be packed: there the second limit alone must hold.
"""

import io
import json
import math
import multiprocessing
import random
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

import boto3
from botocore.config import Config
from tests.contract.replicator.live import ARN, REGION
from tests.contract.replicator.wire import Answer, Wire

from landbridge.agents.lines import Sorted
from landbridge.agents.mirror_stream import MirrorStream
from landbridge.agents.replicator import Replicator, answer
from landbridge.agents.set_aside import SetAside
from landbridge.model.market import Tick, entry
from landbridge.model.mirror import unpack

BATCH = 500
PARTIAL = 0.05
TURNS = 5
RATE, CORES = 10_000, 0.2
Record = dict[str, Any]


def service(tell: Connection) -> None:
    """A stream that stores nothing, and fails a record now and then."""
    chance = random.Random(1)
    stored = {"SequenceNumber": str(10**55), "ShardId": "shardId-000000000000"}
    failed = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"}

    def ask(_operation: str, request: dict[str, Any]) -> Answer:
        said = [failed if chance.random() < PARTIAL else stored for _ in request["Records"]]
        return 200, {"FailedRecordCount": said.count(failed), "Records": said}

    wire = Wire(ask)
    wire.start()
    tell.send(wire.url)
    tell.recv()
    wire.close()


def batch(keys: int) -> list[Record]:
    """As Lambda gives it."""
    made = []
    for number in range(BATCH):
        key, sequence = f"SYM{number % keys}", str(10**55 + number)
        data = b64encode(Tick("feed", key, number, "123.45").text().encode()).decode()
        kinesis = {"partitionKey": key, "sequenceNumber": sequence, "data": data, "approximateArrivalTimestamp": 1.5}
        place = {"eventID": f"shardId-000000000000:{sequence}", "awsRegion": REGION, "eventSourceARN": ARN}
        made.append({"kinesis": kinesis, **place})
    return made


def client(url: str, **config: Any) -> Any:
    """Of Kinesis, at the service."""
    session = boto3.session.Session(aws_access_key_id="any", aws_secret_access_key="any")  # noqa: S106 - the service takes any
    return session.client("kinesis", "eu-central-1", endpoint_url=url, config=Config(**config))


def plain(kinesis: Any) -> Callable[[Sequence[Record]], None]:
    """The way most replicators go."""

    def copy(records: Sequence[Record]) -> None:
        waiting = [{"Data": _wrapped(each), "PartitionKey": each["kinesis"]["partitionKey"]} for each in records]
        while waiting:
            said = kinesis.put_records(StreamName="mirror", Records=waiting)["Records"]
            waiting = [each for each, told in zip(waiting, said, strict=True) if "ErrorCode" in told]

    return copy


def _wrapped(record: Record) -> str:
    found = json.loads(b64decode(record["kinesis"]["data"]))
    origin = {"region": record["awsRegion"], "shard": record["eventID"].partition(":")[0]}
    return json.dumps({"origin": {**origin, "sequence": record["kinesis"]["sequenceNumber"]}, "entry": found})


def ours(url: str) -> Callable[[Sequence[Record]], None]:
    """The function itself; nobody sleeps while the CPU is counted."""
    mirror = MirrorStream(client(url, retries={"total_max_attempts": 1}, parameter_validation=False), "mirror", "eu-central-1")
    made = Replicator(REGION, ARN, mirror, SetAside(None, "aside"), lambda _seconds: None, random.Random(2).random)

    def copy(records: Sequence[Record]) -> None:
        assert answer(records, lambda: 60_000, lambda: made, io.StringIO()) == {"batchItemFailures": []}

    return copy


def measured(ways: Mapping[str, Callable[[Sequence[Record]], Any]], records: Sequence[Record], rounds: int) -> dict[str, float]:
    """Microseconds of this process's CPU a record, each way's best of several turns: other work on the machine only adds."""
    best = dict.fromkeys(ways, math.inf)
    for _ in range(TURNS):
        for name, way in ways.items():
            way(records)
            began = time.process_time()
            for _ in range(rounds):
                way(records)
            best[name] = min(best[name], (time.process_time() - began) / rounds / len(records) * 1e6)
    return best


def compare(url: str, keys: int, rounds: int) -> bool:
    """One table; whether the limits are kept."""
    records = batch(keys)
    packs = [pack.data() for lines in Sorted.of(records, REGION).lines for line in lines.values() for pack in line]
    ways = {
        "boto3 as it comes": plain(client(url)),
        "boto3 without parameter validation": plain(client(url, parameter_validation=False)),
        "landbridge": ours(url),
        "  of it reading what each record is": lambda each: [entry(b64decode(one["kinesis"]["data"]).decode()) for one in each],
        "  of it sorting, that included": lambda each: Sorted.of(each, REGION),
        "a reader unpacks and drops doubles": lambda _: {one.entry for each in packs for one in unpack(each)},
    }
    costs = measured(ways, records, rounds)
    limit = costs["boto3 as it comes"] / 2
    print(f"{BATCH} records of {keys} keys a batch, one record in {1 / PARTIAL:.0f} fails")
    for name, cost in costs.items():
        print(f"  {name:38}{cost:8.2f} us a record{cost * RATE / 1e6:8.3f} cores at {RATE:,}/s{cost / limit / 2:8.2f}")
    return (costs["landbridge"] <= limit or keys == BATCH) and costs["landbridge"] * RATE / 1e6 <= CORES


def main(rounds: int = 20) -> int:
    """Prints the tables; 1 when a limit was broken."""
    here, there = multiprocessing.Pipe()
    served = multiprocessing.get_context("spawn").Process(target=service, args=(there,))
    served.start()
    try:
        url = str(here.recv())
        kept = min([compare(url, keys, rounds) for keys in (10, 50, BATCH)])
        here.send("done")
    finally:
        served.join(10)
        served.kill()
    print(f"limits: {'kept' if kept else 'BROKEN'}")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
