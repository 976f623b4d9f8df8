"""What the world's contract tests share: the shipped configuration, and a small table."""

import asyncio
import io
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Trading
from landbridge.model.region import Region
from landbridge.rehearse.edged import EdgedWorld
from landbridge.rehearse.world import World

CONFIG = Path(__file__).parents[3] / "config"
TABLE = "trading-analytics-state-prod"
S, T = Region("us-east-1"), Region("eu-central-1")


def specs() -> tuple[Trading, Rehearsal]:
    """As shipped, without the rehearsal's overrides, which the world does not read."""
    trading = tomllib.loads((CONFIG / "trading.toml").read_text(encoding="utf-8"))
    rehearsal = tomllib.loads((CONFIG / "rehearsal.toml").read_text(encoding="utf-8"))
    rehearsal.pop("overrides")
    return Trading.model_validate(trading), Rehearsal.model_validate(rehearsal)


def world(folder: Path) -> EdgedWorld:
    """A world that has not started."""
    trading, rehearsal = specs()
    return EdgedWorld(trading.platform, rehearsal, folder)


async def call(made: World, service: str, region: Region, operation: str, **arguments: Any) -> dict[str, Any]:
    """A call to AWS through the region's door."""
    client = made.clients.client(service, region)
    answer: dict[str, Any] = await asyncio.to_thread(lambda: getattr(client, operation)(**arguments))
    return answer


async def make_table(made: World) -> None:
    """The state table at the source alone, as deployed."""
    keys = [{"AttributeName": "user", "KeyType": "HASH"}, {"AttributeName": "view", "KeyType": "RANGE"}]
    await call(
        made,
        "dynamodb",
        S,
        "create_table",
        TableName=TABLE,
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("user", "view")],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


async def run_function(made: World, region: Region) -> None:
    """A function that has been called, so that a worker of its own stays warm."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "def handler(event, context):\n    print('called')\n    return 'done'\n")
    role = "arn:aws:iam::000000000000:role/any"
    code = {"ZipFile": packed.getvalue()}
    what = {"FunctionName": "warm", "Runtime": "python3.11", "Handler": "main.handler", "Role": role, "Code": code}
    await call(made, "lambda", region, "create_function", **what)
    await call(made, "lambda", region, "invoke", FunctionName="warm")


async def put(made: World, region: Region, user: str, value: str) -> None:
    """One item written at a region."""
    item = {"user": {"S": user}, "view": {"S": "v"}, "value": {"S": value}}
    await call(made, "dynamodb", region, "put_item", TableName=TABLE, Item=item)


async def remove(made: World, region: Region, user: str) -> None:
    """One item deleted at a region."""
    await call(made, "dynamodb", region, "delete_item", TableName=TABLE, Key={"user": {"S": user}, "view": {"S": "v"}})


async def values(made: World, region: Region) -> dict[str, str]:
    """What the region's table holds, by user."""
    found: dict[str, str] = {}
    start: dict[str, Any] = {}
    while True:
        page = await call(made, "dynamodb", region, "scan", TableName=TABLE, ConsistentRead=True, **start)
        found |= {item["user"]["S"]: item["value"]["S"] for item in page["Items"]}
        if "LastEvaluatedKey" not in page:
            return found
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


async def replica(made: World, action: str) -> None:
    """Adds or removes the target's replica, and waits until that is done."""
    update = [{action: {"RegionName": T}}]
    await call(made, "dynamodb", S, "update_table", TableName=TABLE, ReplicaUpdates=update)
    wanted = ["ACTIVE"] if action == "Create" else []
    await eventually(lambda: states(made), wanted)


async def states(made: World) -> list[str]:
    """The states of the replicas as the source tells them."""
    described = await call(made, "dynamodb", S, "describe_table", TableName=TABLE)
    return [found["ReplicaStatus"] for found in described["Table"].get("Replicas", [])]


async def eventually(look: Callable[[], Any], wanted: Any, seconds: float = 20.0) -> None:
    """Looks until it sees what is wanted, and fails showing what it saw instead."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (seen := await look()) != wanted:
        assert loop.time() < end, f"saw {seen}, wanted {wanted}"
        await asyncio.sleep(0.05)
