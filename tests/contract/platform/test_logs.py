"""Logs of both regions come together as the stacks say it, sent on by the world's agent through front doors."""

import asyncio
import gzip
import json
import random
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from tests.contract.platform.emulators import SOURCE, TARGET, Environments

from landbridge.aws.clients import Clients
from landbridge.deploy.graph import Place
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.run import Patience, deploy_all, destroy_all
from landbridge.deploy.teardown import Teardown
from landbridge.model.region import Region
from landbridge.rehearse.fabric.event_source.region import Calls
from landbridge.rehearse.fabric.logs.agent import LogShipping
from landbridge.rehearse.fabric.logs.bucket import BareBuckets
from landbridge.rehearse.fabric.logs.knobs import Knobs

SUFFIX, SIDES = "shipped", (SOURCE, TARGET)
STACKS = ("keys", "artifacts", "api", "switch", "logs", "shipping")
GROUP = f"/aws/lambda/trading-analytics-read-{SUFFIX}"


def put(clients: Clients, region: Region, line: str) -> None:
    """A line of a function, in a log stream of its own."""
    logs, event = clients.client("logs", region), {"timestamp": int(time.time() * 1000), "message": line}
    logs.create_log_stream(logGroupName=GROUP, logStreamName="one")
    logs.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=[event])


def arrived(clients: Clients, bucket: str, region: Region) -> dict[str, Any]:
    """The only message under a region's prefix and today."""
    s3, day = clients.client("s3", TARGET), time.strftime("%Y/%m/%d", time.gmtime())
    (found,) = s3.list_objects_v2(Bucket=bucket, Prefix=f"{region}/logs/{day}/trading-analytics-logs-{SUFFIX}-1-")["Contents"]
    message: dict[str, Any] = json.loads(gzip.decompress(s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()))
    return message


async def ship(endpoints: Mapping[Region, str]) -> dict[Region, float | None]:
    """One turn of the agent in each region, and the lag that it shows."""
    async with AsyncExitStack() as stack:
        calls = {region: Calls(region, endpoints[region]) for region in SIDES}
        for each in calls.values():
            stack.push_async_callback(each.close)
        agent = LogShipping(calls, BareBuckets(calls), time.time, Knobs(minute=0.0), random.Random(1))
        await asyncio.gather(*map(agent.turn, SIDES))
        return {region: agent.lag(region) for region in SIDES}


@pytest.mark.slow
def test_lines_of_both_regions_lie_in_the_bucket_of_the_one_that_stays(
    environments: Environments, manifest: Manifest, clients: Clients, endpoints: Mapping[Region, str], patience: Patience
) -> None:
    """Under the prefix of the region they come from and the day; every setting is the deployed one, but for the minute."""
    wanted = replace(manifest, stacks=tuple(manifest.stack(name) for name in STACKS))
    deployer = environments.deployer(SUFFIX, wanted)
    outputs = deploy_all(deployer, deployer.graph, patience).result()
    bucket = outputs[Place("logs", TARGET)]["BucketArn"].rpartition(":")[2]
    for region in SIDES:
        put(clients, region, f"hello from {region}")
    assert all(lag is not None and lag < 60 for lag in asyncio.run(ship(endpoints)).values())
    for region in SIDES:
        message = arrived(clients, bucket, region)
        assert (message["logGroup"], message["logStream"]) == (GROUP, "one")
        assert [event["message"] for event in message["logEvents"]] == [f"hello from {region}"]
    teardown = Teardown.of(deployer, deployer.graph)
    destroy_all(deployer, teardown.going, patience).result()
    assert teardown.left(patience) == []
