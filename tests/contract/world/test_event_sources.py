"""A mapping from a template is played in the world: as deployed, as switched, and through a deploy in between."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.contract.world.worlds import T, call, eventually, world

from landbridge.rehearse.world import World

CODE = """
import json, os, sys
def handler(event, context):
    sys.stderr.write("called\\n")
    with open(os.environ["CALLS"], "a") as log:
        log.write(json.dumps([one["kinesis"]["partitionKey"] for one in event["Records"]]) + "\\n")
"""


def template(calls: Path, batch_size: int) -> str:
    """A stream, a function and a disabled mapping between them."""
    role = "arn:aws:iam::000000000000:role/any"
    environment = {"Variables": {"CALLS": str(calls)}}
    function = {"FunctionName": "transform", "Runtime": "python3.13", "Handler": "index.handler", "Role": role}
    mapping = {
        "FunctionName": {"Ref": "Transform"},
        "EventSourceArn": {"Fn::GetAtt": ["Live", "Arn"]},
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": batch_size,
        "Enabled": False,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    resources: dict[str, Any] = {
        "Live": {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "live", "ShardCount": 2}},
        "Transform": {
            "Type": "AWS::Lambda::Function",
            "Properties": {**function, "Code": {"ZipFile": CODE}, "Environment": environment},
        },
        "Reads": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
    }
    outputs = {"Mapping": {"Value": {"Ref": "Reads"}}, "Arn": {"Value": {"Fn::GetAtt": ["Reads", "EventSourceMappingArn"]}}}
    return json.dumps({"Resources": resources, "Outputs": outputs})


async def stack(made: World) -> tuple[str, dict[str, str]]:
    """Its status, and its outputs."""
    (told,) = (await call(made, "cloudformation", T, "describe_stacks", StackName="market"))["Stacks"]
    return told["StackStatus"], {out["OutputKey"]: out["OutputValue"] for out in told.get("Outputs", ())}


async def status(made: World) -> str:
    """Its status alone."""
    return (await stack(made))[0]


async def uuids(made: World) -> list[str]:
    """The mappings that are deployed."""
    listed = await call(made, "lambda", T, "list_event_source_mappings")
    return [told["UUID"] for told in listed["EventSourceMappings"]]


async def put(made: World, *keys: str) -> None:
    """A record of each key."""
    records = [{"Data": b"x", "PartitionKey": key} for key in keys]
    await call(made, "kinesis", T, "put_records", StreamName="live", Records=records)


def test_a_deployed_mapping_is_read_as_it_is_switched(tmp_path: Path) -> None:
    """Disabled as deployed; enabled, it begins at its start; another deploy keeps its place; deleted with its stack."""
    log = tmp_path / "calls"
    log.touch()

    async def seen() -> list[str]:
        return sorted(key for line in log.read_text().splitlines() for key in json.loads(line))

    async def state(made: World, uuid: str) -> str:
        return str((await call(made, "lambda", T, "get_event_source_mapping", UUID=uuid))["State"])

    async def run() -> None:
        async with world(tmp_path / "world") as made:
            await call(made, "cloudformation", T, "create_stack", StackName="market", TemplateBody=template(log, 5))
            await eventually(lambda: status(made), "CREATE_COMPLETE")
            _, outputs = await stack(made)
            uuid = outputs["Mapping"]
            assert outputs["Arn"].endswith(f":event-source-mapping:{uuid}")
            await put(made, "a", "b")
            await asyncio.sleep(1.5)
            assert (await state(made, uuid), await seen()) == ("Disabled", [])
            await call(made, "lambda", T, "update_event_source_mapping", UUID=uuid, Enabled=True)
            await eventually(seen, ["a", "b"])
            assert await state(made, uuid) == "Enabled"
            await call(made, "cloudformation", T, "update_stack", StackName="market", TemplateBody=template(log, 6))
            await eventually(lambda: status(made), "UPDATE_COMPLETE")
            await eventually(lambda: state(made, uuid), "Disabled")  # a deploy that changes a mapping says it all again
            await call(made, "lambda", T, "update_event_source_mapping", UUID=uuid, Enabled=True)
            await put(made, "c")
            await eventually(seen, ["a", "b", "c"])
            await call(made, "cloudformation", T, "delete_stack", StackName="market")
            await eventually(lambda: uuids(made), [])

    asyncio.run(run())
