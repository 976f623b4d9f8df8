"""`destroy` takes down one region, or everything, and proves it; one emulator plays all regions, so that replicas are real."""

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.contract.platform.doors import adapting
from tests.contract.platform.emulators import JOURNAL, REGIONS, SOURCE, TARGET, free_port, start, wait
from tests.contract.platform.verbs import Operator

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.model.region import Region

SUFFIX = "downs"
STATE = f"trading-analytics-state-{SUFFIX}"
SOME = tuple(f"--only={name}" for name in ("keys", "artifacts", "tables", "pens", "api", "switch", "health", "edge", "journal"))
BUCKET = f"trading-analytics-artifacts-{SUFFIX}-{SOURCE}"


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[Region, str]]:
    port = free_port()
    process = start(SOURCE, port, tmp_path_factory.mktemp("one") / "emulator")
    try:
        wait(port, process)
        with adapting(dict.fromkeys(REGIONS, f"http://127.0.0.1:{port}")) as doors:
            yield doors
    finally:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself: nothing left to end
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(name="operator")
def _operator(tmp_path: Path, trading: Trading, world: Mapping[Region, str]) -> Operator:
    return Operator.of(tmp_path, trading, SUFFIX, world)


def _fill(clients: Clients) -> None:
    """Objects with versions and markers at the source, an item in a table with a replica at the target."""
    s3 = clients.client("s3", SOURCE)
    for body in (b"one", b"two"):
        s3.put_object(Bucket=BUCKET, Key="left", Body=body)
    s3.delete_object(Bucket=BUCKET, Key="left")
    dynamodb = clients.client("dynamodb", SOURCE)
    dynamodb.update_table(TableName=STATE, ReplicaUpdates=[{"Create": {"RegionName": TARGET}}])
    dynamodb.put_item(TableName=STATE, Item={"user": {"S": "u"}, "view": {"S": "v"}})


@pytest.mark.slow
def test_one_region_goes_and_the_other_stays_whole(operator: Operator, world: Mapping[Region, str]) -> None:
    """The replica is dropped from the side that stays, buckets are emptied, nothing of the region is left; then everything."""
    clients = Clients(world)
    for region in REGIONS:  # one after the other: one process can't begin the same function for two regions at once
        assert operator.runs("deploy", "--region", region, *SOME, "--yes")[0] == 0
    _fill(clients)
    code, said, complained = operator.runs("destroy", "--region", SOURCE, "--dry-run")
    assert (code, complained) == (0, "")
    assert "tables in us-east-1, with all that AnalyticsTable, CommandsTable, StateTable hold" in said
    code, said, complained = operator.runs("destroy", "--region", SOURCE, "--yes")
    assert (code, complained) == (0, ""), said
    assert f"{STATE}: its replica is dropped, {TARGET} keeps the table" in said
    assert "versions and markers deleted" in said
    assert f"nothing of {SUFFIX} is left there" in said
    assert clients.client("dynamodb", TARGET).get_item(TableName=STATE, Key={"user": {"S": "u"}, "view": {"S": "v"}})["Item"]
    assert "\n0 of " in operator.runs("diff", "--region", TARGET, *SOME)[1]
    code, said, _ = operator.runs("destroy", "--yes")
    assert (code, f"left: dynamodb {STATE} in {TARGET}" in said) == (1, True), said
    clients.client("dynamodb", TARGET).delete_table(TableName=STATE)
    code, said, complained = operator.runs("destroy", "--yes")
    assert (code, complained) == (0, ""), said
    assert clients.client("ssm", JOURNAL).describe_parameters()["Parameters"] == []
