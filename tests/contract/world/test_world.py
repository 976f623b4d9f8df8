"""A world starts whole, works as one, and leaves nothing, however it ends."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.contract.world.worlds import S, T, call, eventually, run_function, world

from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.model.wire import PROBE_HEADER
from landbridge.rehearse.emulator.conditions import Conditions
from landbridge.rehearse.emulator.gateway import ApiRequest
from landbridge.rehearse.emulator.metrics import ApiMetrics
from landbridge.rehearse.emulator.ministack import Emulator
from landbridge.rehearse.fabric.route53 import Route53
from landbridge.rehearse.world import World

HOLDER = """
import asyncio, sys
from pathlib import Path
from tests.contract.world.worlds import T, run_function, world

async def hold():
    async with world(Path(sys.argv[1])) as made:
        await run_function(made, T)
        print(*made.pids(), flush=True)
        await asyncio.sleep(600)

asyncio.run(hold())
"""


def ports(folder: Path) -> list[int]:
    """Every port the world announced."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return [int(url.rpartition(":")[2]) for url in [*run["endpoints"].values(), run["edge"]]]


def listening(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def left_over(folder: Path) -> set[str]:
    """What a stopped world left in its folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or not any(path.iterdir())}


LOGS = {f"logs/{region}.log" for region in ("us-east-1", "eu-central-1", "eu-west-1")}


def test_it_starts_tells_where_and_leaves_nothing(tmp_path: Path) -> None:
    """Three regions answer through their doors; afterwards no process, no port, no folder but logs and run.json."""

    async def run() -> tuple[int, ...]:
        async with world(tmp_path) as made:
            assert all(listening(port) for port in ports(tmp_path))
            for region in made.regions:
                assert (await call(made, "dynamodb", region, "list_tables"))["TableNames"] == []
            await run_function(made, T)
            assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["pid"] == os.getpid()
            return made.pids()

    pids = asyncio.run(run())
    assert len(pids) > 6
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not any(listening(port) for port in ports(tmp_path))
    assert left_over(tmp_path) == {"run.json", *LOGS}


def test_a_start_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One emulator refuses; the others go with it."""
    started = Emulator.start
    seen: list[Emulator] = []

    async def start(self: Emulator) -> None:
        seen.append(self)
        await started(self)
        if self.region == T:
            raise Refused(T, "starting", "as planned")

    monkeypatch.setattr(Emulator, "start", start)

    async def run() -> None:
        async with world(tmp_path):
            pytest.fail("it started")

    with pytest.raises(ExceptionGroup):
        asyncio.run(run())
    assert [made.pids() for made in seen] == [(), (), ()]
    assert left_over(tmp_path) == LOGS


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.3])
def test_a_cancelled_start_leaves_nothing(tmp_path: Path, seconds: float) -> None:
    """At whatever moment Ctrl-C comes."""

    async def run() -> World:
        made = world(tmp_path)
        starting = asyncio.create_task(made.__aenter__())
        await asyncio.sleep(seconds)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return made

    assert asyncio.run(run()).pids() == ()
    assert left_over(tmp_path) <= LOGS | {"run.json", "logs"}
    assert not [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and _runs_in(entry, tmp_path)]


def _runs_in(process: Path, folder: Path) -> bool:
    """Whether a process was given the folder for its own; what the world lost sight of would show here."""
    try:
        return str(folder).encode() in (process / "environ").read_bytes()
    except OSError:
        return False  # it ended while we looked


def test_a_killed_world_leaves_no_emulator(tmp_path: Path) -> None:
    """SIGKILL gives nobody a chance to clean up, and still every process is gone within seconds, functions' workers too."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    pids = [int(pid) for pid in holder.stdout.readline().split()]
    assert len(pids) > 6
    assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    end = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be reaped by the machine does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_agent_that_crashed_is_not_kept_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The world ends with its error when nothing worse happened."""

    async def crash(_: object) -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    monkeypatch.setattr(Route53, "run", crash)

    async def run() -> None:
        async with world(tmp_path):
            await asyncio.sleep(0.1)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())


async def make_api(made: World, region: Region) -> str:
    """A REST API of mock integrations, as `GET /health` sees it; its id."""
    api = (await call(made, "apigateway", region, "create_rest_api", name="trading-analytics-api-prod"))["id"]
    root = (await call(made, "apigateway", region, "get_resources", restApiId=api))["items"][0]["id"]
    health = (await call(made, "apigateway", region, "create_resource", restApiId=api, parentId=root, pathPart="health"))["id"]
    where: dict[str, Any] = {"restApiId": api, "resourceId": health, "httpMethod": "GET"}
    await call(made, "apigateway", region, "put_method", **where, authorizationType="NONE")
    template = {"application/json": '{"statusCode": 200}'}
    await call(made, "apigateway", region, "put_integration", **where, type="MOCK", requestTemplates=template)
    await call(made, "apigateway", region, "put_method_response", **where, statusCode="200")
    said = {"application/json": f'{{"region": "{region}"}}'}
    await call(made, "apigateway", region, "put_integration_response", **where, statusCode="200", responseTemplates=said)
    await call(made, "apigateway", region, "create_deployment", restApiId=api, stageName="live")
    return str(api)


async def make_records(made: World, apis: dict[Region, str], weights: dict[Region, int]) -> None:
    """The origin's weighted records, each with a health check of its region."""
    hosted = await call(made, "route53", S, "create_hosted_zone", Name="trading.example", CallerReference="zone")
    changes = []
    for region, api in apis.items():
        host = f"{api}.execute-api.{region}.amazonaws.com"
        config = {"Type": "HTTPS", "FullyQualifiedDomainName": host, "ResourcePath": "/live/health", "RequestInterval": 10}
        check = await call(made, "route53", S, "create_health_check", CallerReference=region, HealthCheckConfig=config)
        record = {
            "Name": "origin.trading.example",
            "Type": "CNAME",
            "SetIdentifier": region,
            "Weight": weights[region],
            "TTL": 1,
            "HealthCheckId": check["HealthCheck"]["Id"],
            "ResourceRecords": [{"Value": host}],
        }
        changes.append({"Action": "UPSERT", "ResourceRecordSet": record})
    await call(
        made,
        "route53",
        S,
        "change_resource_record_sets",
        HostedZoneId=hosted["HostedZone"]["Id"],
        ChangeBatch={"Changes": changes},
    )


def test_viewers_are_led_by_weights_and_away_from_a_region_that_is_out(tmp_path: Path) -> None:
    """All at the source by weight; the source out, and every viewer is answered by the target; its control plane
    being out with it changes nothing.
    """

    async def run() -> None:
        async with world(tmp_path) as made, aiohttp.ClientSession() as viewer:

            async def regions() -> set[Any]:
                seen: set[Any] = set()
                for number in range(20):
                    async with viewer.get(f"{made.edge.url}/health", headers={"x-viewer": f"trader-{number}"}) as answer:
                        seen.add((answer.status, (await answer.json()).get("region")))
                return seen

            apis = {region: await make_api(made, region) for region in (S, T)}
            await make_records(made, apis, {S: 100, T: 0})
            await eventually(regions, {(200, S)})
            made.region_out(S)
            await eventually(regions, {(200, T)})
            made.region_back(S)
            await eventually(regions, {(200, S)})
            assert {one.region for one in made.served} >= {S, T}

    asyncio.run(run())


def test_the_door_keeps_api_gateways_metrics(tmp_path: Path) -> None:
    """Count, 5XXError and Latency come back from GetMetricData, probes left out."""

    async def run() -> None:
        async with world(tmp_path) as made, aiohttp.ClientSession() as viewer:
            api = await make_api(made, T)
            path = f"{made.doors[T].url}/restapis/{api}/live/_user_request_/health"
            for number in range(15):
                probe = {PROBE_HEADER: "1"} if number % 3 == 0 else None
                assert (await viewer.get(path, headers=probe)).status == 200
            made.doors[T].set(Conditions(errors=1.0))
            for _ in range(4):
                assert (await viewer.get(path)).status == 500

            async def sums() -> dict[str, float]:
                return {name: sum(await metric(made, name, "Sum")) for name in ("Count", "5XXError")}

            await eventually(sums, {"Count": 14.0, "5XXError": 4.0})
            slowest = await metric(made, "Latency", "p99")
            assert slowest
            assert all(0 <= milliseconds < 5000 for milliseconds in slowest)

    asyncio.run(run())


def test_percentiles_and_sums_of_a_second_come_back_right(tmp_path: Path) -> None:
    """A hundred answers of 1 to 100 ms, three of them failed, in one second: the sums are exact, p99 lies at the top."""

    async def run() -> None:
        async with world(tmp_path) as made:
            api = ApiRequest(await make_api(made, T), "live", "/health")
            now = time.time()
            metrics = ApiMetrics(T, made.clients, lambda: now)
            for number in range(1, 101):
                metrics.note(api, 500 if number <= 3 else 200, number / 1000)
            await metrics.publish(until=int(now))
            assert await metric(made, "Count", "Sum") == []
            await metrics.publish(until=int(now) + 1)
            assert (await metric(made, "Count", "Sum"), await metric(made, "5XXError", "Sum")) == ([100.0], [3.0])
            assert await metric(made, "5XXError", "Average") == [pytest.approx(0.03)]
            assert await metric(made, "Latency", "p99") == [pytest.approx(99.0, abs=0.5)]

    asyncio.run(run())


async def metric(made: World, name: str, stat: str) -> list[float]:
    """A metric of the target's API, second by second."""
    dimensions = [{"Name": "ApiName", "Value": "trading-analytics-api-prod"}, {"Name": "Stage", "Value": "live"}]
    wanted = {"Metric": {"Namespace": "AWS/ApiGateway", "MetricName": name, "Dimensions": dimensions}, "Period": 1, "Stat": stat}
    found = await call(
        made,
        "cloudwatch",
        T,
        "get_metric_data",
        MetricDataQueries=[{"Id": "m", "MetricStat": wanted}],
        StartTime=datetime.now(UTC) - timedelta(minutes=1),
        EndTime=datetime.now(UTC) + timedelta(seconds=5),
    )
    return [float(value) for value in found["MetricDataResults"][0]["Values"]]


def test_sigterm_to_an_emulators_session_is_no_business_of_others(tmp_path: Path) -> None:
    """One emulator killed from outside leaves the other regions answering, and its door says 503."""

    async def run() -> None:
        async with world(tmp_path) as made, aiohttp.ClientSession() as client:
            for pid in made.emulators[T].pids():
                os.kill(pid, signal.SIGKILL)

            async def statuses() -> list[int]:
                return [(await client.get(made.doors[region].url + "/x")).status for region in (S, T)]

            await eventually(statuses, [404, 503])

    asyncio.run(run())
