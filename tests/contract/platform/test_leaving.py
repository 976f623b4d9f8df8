"""The last phase of a retirement over real stacks: one emulator plays all regions, and a new engine makes each tick."""

import dataclasses
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.contract.platform.alone import alone
from tests.contract.platform.emulators import JOURNAL, SOURCE, TARGET
from tests.contract.platform.verbs import ROOT, Operator

from landbridge.aws.clients import GLOBAL_HOME, Clients
from landbridge.config.control import Approvals
from landbridge.config.market import Market
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.plan import Plan
from landbridge.migrate.record import Kind
from landbridge.model.hearts import TABLES

SUFFIX = "leaves"
NAMED = {kind: f"trading-analytics-{kind}-{SUFFIX}" for kind in TABLES}
KEY = {"user": {"S": "u"}, "view": {"S": "v"}}
LIMIT_SECONDS = 200
STACKS = ("keys", "artifacts", "tables", "pens", "streams", "history", "transform", "api", "switch", "health", "edge", "journal")


@pytest.fixture(name="clients")
def _clients(tmp_path: Path) -> Iterator[Clients]:
    """One process, so that replicas are real; each region has its own adapting door."""
    with alone(tmp_path) as clients:
        yield clients


def _templates(folder: Path) -> Path:
    """Those alone that are quick to make and that a retirement has to do with; whole platforms are for the rehearsal."""
    shutil.copytree(ROOT / "templates", folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    kept = {**manifest, "stacks": [stack for stack in manifest["stacks"] if stack["name"] in STACKS]}
    (folder / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")
    return folder


def _moved(trading: Trading, operator: Operator, clients: Clients, templates: Path) -> Migration:
    """Both regions stand, every table has a copy, and every reader is at the target."""
    for region in (SOURCE, JOURNAL, TARGET, None):  # at last what the regions tell each other
        only = ("--region", region) if region else ()
        code, said, complained = operator.runs("deploy", *only, "--yes", templates=templates)
        assert (code, complained) == (0, ""), said
    dynamodb = clients.client("dynamodb", SOURCE)
    for table in NAMED.values():
        dynamodb.update_table(TableName=table, ReplicaUpdates=[{"Create": {"RegionName": TARGET}}])
    dynamodb.put_item(TableName=NAMED["state"], Item={**KEY, "value": {"S": "kept"}})
    migration = Migration(clients, trading, templates, time.time, time.sleep, retiring=True)
    route53 = clients.client("route53", GLOBAL_HOME)
    route53.create_hosted_zone(Name=trading.platform.domain.split(".", 1)[1], CallerReference=str(uuid4()))
    migration.traffic.name_first(SOURCE)
    migration.traffic.add_target()
    migration.traffic.send(100)
    for region in (SOURCE, TARGET):
        migration.peers.write(region, "http://the.other.one")
        migration.market.feeds.point(region, TARGET)
    return migration


def _removal(migration: Migration) -> Engine:
    """An engine of its own on the last phase alone: what comes before it needs users."""
    made = dataclasses.replace(migration)
    return Engine(Plan("removal", made.plan().phases[-1:]), made.journal("engine"))


@pytest.mark.slow
def test_the_source_goes_and_the_target_stays_whole(clients: Clients, trading: Trading, tmp_path: Path) -> None:
    """Tables change their owner, members go in their order, stacks too; nothing is left at the source, and the report says so."""
    market = Market(records_per_second=500, feeds=("direct",), producers=("arn:aws:iam::000000000000:role/feeds",))
    platform = trading.platform.model_copy(update={"environment_suffix": SUFFIX})
    ours = trading.model_copy(update={"market": market, "platform": platform, "approvals": Approvals()})
    operator = Operator.of(tmp_path / "run", ours, SUFFIX, clients.endpoints)
    migration = _moved(ours, operator, clients, _templates(tmp_path / "templates"))
    ends, tick = time.monotonic() + LIMIT_SECONDS, Tick.MOVED
    while tick is not Tick.ENDED:
        tick = (engine := _removal(migration)).advance()
        assert time.monotonic() < ends, engine.journal.records[-1]
        if tick is not Tick.MOVED:
            time.sleep(0.2)
    began = [record.step for record in engine.journal.records if record.kind is Kind.INTENT]
    kinds = ["route", "replicas", "peering"]  # nothing was ever copied by a rule
    steps = ["hand_over_tables", *(f"detach_member.{kind}" for kind in kinds), "destroy_source", "report_residency"]
    assert list(dict.fromkeys(began)) == steps
    for table in NAMED.values():
        found = clients.client("dynamodb", TARGET).describe_table(TableName=table)["Table"]
        assert (found["TableStatus"], found.get("Replicas", [])) == ("ACTIVE", [])
    assert clients.client("dynamodb", TARGET).get_item(TableName=NAMED["state"], Key=KEY)["Item"]["value"] == {"S": "kept"}
    stands = [stack["StackName"] for stack in clients.client("cloudformation", SOURCE).describe_stacks()["Stacks"]]
    assert [name for name in stands if not name.startswith("trading-analytics-edge-")] == []
    places = engine.journal.progress.last_found["report_residency"].data["places"]
    assert {each["region"] for each in places if not each["excuse"]} == {TARGET, JOURNAL}
    assert migration.traffic.percent() == 100
