"""What does one DynamoDB item cost a comparison's client in CPU? Limit: a third of what it costs by way of boto3.

Ours goes from the answer's bytes to what the comparison keeps: key, canonical digest, sums of prefixes, the spool's line.
The peer takes the same bytes the way boto3 does: botocore's parser, the deserializer, then json.dumps and SHA-256. The
last row gives it the parsed items for nothing. Argument: items a page (default 2,000).
"""

import base64
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import orjson
from boto3.dynamodb.types import TypeDeserializer
from botocore.parsers import create_parser

from landbridge.verify.tables.canonical import digest
from landbridge.verify.tables.spool import Spool
from landbridge.verify.tables.wire import key_of

TIMES = 3.0
ROUNDS = 7
NAMES = ("user", "view")


def item(number: int, chance: random.Random) -> dict[str, Any]:
    """Of a dashboard: some 500 bytes with every kind of attribute."""
    return {
        "user": {"S": f"user-{number:07d}"},
        "view": {"S": "main"},
        "version": {"N": str(number)},
        "price": {"N": f"{chance.randrange(10**6)}.{chance.randrange(1, 10)}"},
        "epoch": {"N": "1"},
        "write_id": {"S": f"{chance.getrandbits(128):032x}"},
        "deleted": {"BOOL": False},
        "blob": {"B": base64.b64encode(chance.randbytes(30)).decode()},
        "tags": {"SS": ["blue", "green", "red"]},
        "levels": {"NS": ["1", "2", "3"]},
        "layout": {"M": {"columns": {"L": [{"S": "price"}, {"S": "volume"}, {"N": "3"}]}, "wide": {"BOOL": True}}},
        "value": {"S": "x" * 120},
    }


def ours(body: bytes, spool: Spool) -> None:
    """As a scan does."""
    spool.add((key_of(each, NAMES), digest(each)) for each in orjson.loads(body)["Items"])


def hashed(items: list[dict[str, Any]], take: TypeDeserializer) -> list[str]:
    """By boto3's deserializer; sets have no order, so they are sorted."""
    plain = [{name: take.deserialize(value) for name, value in each.items()} for each in items]
    return [hashlib.sha256(json.dumps(each, sort_keys=True, default=_spelled).encode()).hexdigest() for each in plain]


def _spelled(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, set) else repr(value)


def microseconds(work: Callable[[], object], items: int) -> float:
    """CPU an item, of the best round."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return 1e6 * best / items


def main() -> int:
    """Prints the table; 1 when the limit is broken."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    chance = random.Random(8)
    body = orjson.dumps({"Items": [item(number, chance) for number in range(count)], "Count": count})
    shape = boto3.client("dynamodb", region_name="eu-central-1").meta.service_model.operation_model("Scan").output_shape
    parser, take = create_parser("json"), TypeDeserializer()
    answer = {"body": body, "status_code": 200, "headers": {}}
    parsed = parser.parse(answer, shape)["Items"]
    with tempfile.TemporaryDirectory() as folder:
        rows = {
            "ours, bytes to spool": microseconds(lambda: ours(body, Spool(Path(folder) / "s")), count),
            "peer: boto3, bytes to hash": microseconds(lambda: hashed(parser.parse(answer, shape)["Items"], take), count),
            "without its parser": microseconds(lambda: hashed(parsed, take), count),
        }
    mine, peer = list(rows.values())[:2]
    print(f"{count} items of {len(body) // count} bytes{'':6}{'us an item':>12}{'x ours':>8}")
    for name, took in rows.items():
        print(f"{name:30}{took:12.1f}{took / mine:8.1f}")
    print(f"limit {TIMES:.0f}x the peer: {'kept' if peer >= TIMES * mine else 'BROKEN'}")
    return int(peer < TIMES * mine)


if __name__ == "__main__":
    sys.exit(main())
