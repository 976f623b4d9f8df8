"""The deployed API answers end to end, and a held write finishes where the pen has gone."""

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from tests.contract.platform.emulators import SOURCE, TARGET, Environments

from landbridge.aws.clients import Clients
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.model.pen import Domain, Epoch, Pen, PenState, fence_of, pen_key
from landbridge.model.region import Pair, Region
from landbridge.model.state import receipt_partition
from landbridge.model.wire import HOP_HEADER, PARAMETER, PEER_API, SEEN_HEADER

SUFFIX = "live"
FENCES = 64


@dataclass(frozen=True)
class Reply:
    """What the API said."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Dashboard:
    """The dashboard API of both sides, and the pens beneath it."""

    clients: Clients
    urls: Pair[str]

    def ask(self, url: str, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """One request straight to a side's API."""
        host, _, prefix = url.removeprefix("http://").partition("/")
        connection = http.client.HTTPConnection(host, timeout=40)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, f"/{prefix}{path}", json.dumps(body) if body is not None else None, sent)
            answer = connection.getresponse()
            return Reply(answer.status, json.loads(answer.read()), {key.lower(): value for key, value in answer.getheaders()})
        finally:
            connection.close()

    def put(self, url: str, user: str, version: int, write_id: str, **headers: str) -> Reply:
        """One write of the view `main`."""
        body = {"version": version, "write_id": write_id, "value": f"value {version}"}
        return self.ask(url, "PUT", f"/state/{user}/main", body, **headers)

    def fence(self, region: Region, user: str, state: PenState, epoch: int) -> None:
        """Sets the fence that guards a user, as the engine would."""
        pen = Pen(state, Epoch(epoch), 1, 0.0)
        item = {**pen_key(Domain.STATE, fence_of(user, FENCES)), **pen.item()}
        wire = {name: TypeSerializer().serialize(value) for name, value in item.items()}
        self.clients.client("dynamodb", region).put_item(TableName=f"trading-analytics-pens-{SUFFIX}", Item=wire)

    def receipts(self, region: Region, user: str, epoch: int) -> int:
        """How many receipts the region keeps of the user's fence in an epoch."""
        partition = receipt_partition(Domain.STATE, Epoch(epoch), fence_of(user, FENCES))
        found = self.clients.client("dynamodb", region).query(
            TableName=f"trading-analytics-pens-{SUFFIX}",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ConsistentRead=True,
        )
        return int(found["Count"])


@pytest.fixture(scope="module")
def dashboard(
    environments: Environments, clients: Clients, endpoints: Mapping[Region, str], patience: Patience
) -> Iterator[Dashboard]:
    """Both sides deployed and told of each other; the target's copy of the table made by hand."""
    deployer = environments.deployer(SUFFIX)
    ids = {region: deploy(deployer, region, patience)["api"]["ApiId"] for region in (SOURCE, TARGET)}
    _extend(clients)
    urls = {region: f"{endpoints[region]}/restapis/{api}/live/_user_request_" for region, api in ids.items()}
    for here, there in ((SOURCE, TARGET), (TARGET, SOURCE)):
        name = PARAMETER.format(suffix=SUFFIX, name=PEER_API)
        clients.client("ssm", here).put_parameter(Name=name, Value=urls[there], Type="String")
    yield Dashboard(clients, Pair(urls[SOURCE], urls[TARGET]))
    for region in (SOURCE, TARGET):
        destroy(deployer, region, patience)


def _extend(clients: Clients) -> None:
    clients.client("dynamodb", TARGET).create_table(
        TableName=f"trading-analytics-state-{SUFFIX}",
        KeySchema=[{"AttributeName": "user", "KeyType": "HASH"}, {"AttributeName": "view", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("user", "view")],
        BillingMode="PAY_PER_REQUEST",
    )


def test_health_tells_region_and_table(dashboard: Dashboard) -> None:
    """Each side says who it is and that it reaches its table."""
    for url, region in zip(dashboard.urls, (SOURCE, TARGET), strict=True):
        reply = dashboard.ask(url, "GET", "/health")
        assert (reply.status, reply.body["region"], reply.body["table"]) == (200, region, "ok")
        assert reply.headers["x-served-by"] == region


def test_a_write_is_read_back_with_one_receipt(dashboard: Dashboard) -> None:
    """Accepted once, however often it comes; refused when it is not newer; 404 before it, 400 when it makes no sense."""
    source, user = dashboard.urls.source, "alice"
    dashboard.fence(SOURCE, user, PenState.OPEN, 1)
    assert dashboard.ask(source, "GET", f"/state/{user}/main").status == 404
    for _ in range(2):
        reply = dashboard.put(source, user, 1, "a")
        assert reply.status == 200
        assert reply.body == {"version": 1, "write_id": "a", "region": SOURCE, "epoch": 1}
    refused = dashboard.put(source, user, 1, "b")
    assert (refused.status, refused.body["current"]["write_id"]) == (409, "a")
    assert dashboard.put(source, user, 0, "c").status == 400
    shown = dashboard.ask(source, "GET", f"/state/{user}/main").body
    assert (shown["version"], shown["value"], shown["deleted"], shown["region"]) == (1, "value 1", False, SOURCE)
    assert dashboard.receipts(SOURCE, user, 1) == 1


def test_the_side_without_the_pen_forwards_and_shows_what_was_written(dashboard: Dashboard) -> None:
    """A write at the target lands at the source; a reader that saw it is shown it at the target before the copy has it."""
    target, user = dashboard.urls.target, "bert"
    dashboard.fence(SOURCE, user, PenState.OPEN, 1)
    dashboard.fence(TARGET, user, PenState.CLOSED, 1)
    reply = dashboard.put(target, user, 1, "a")
    assert (reply.status, reply.body["region"], reply.headers["x-served-by"]) == (200, SOURCE, TARGET)
    assert dashboard.ask(target, "GET", f"/state/{user}/main").status == 404
    seen = dashboard.ask(target, "GET", f"/state/{user}/main", **{SEEN_HEADER: "1"})
    assert (seen.status, seen.body["version"]) == (200, 1)


def test_a_forwarded_write_is_never_forwarded_again(dashboard: Dashboard) -> None:
    """A closed side tells a forwarded write that it isn't the holder."""
    dashboard.fence(TARGET, "carl", PenState.CLOSED, 1)
    assert dashboard.put(dashboard.urls.target, "carl", 1, "a", **{HOP_HEADER: "1"}).status == 421


def test_a_held_write_finishes_where_the_pen_has_gone(dashboard: Dashboard) -> None:
    """Both sides closed: the write waits; the target opens with the next epoch: the same request gets its 200 there."""
    user = "dora"
    dashboard.fence(SOURCE, user, PenState.OPEN, 1)
    dashboard.fence(TARGET, user, PenState.CLOSED, 1)
    assert dashboard.put(dashboard.urls.source, user, 1, "a").status == 200
    dashboard.fence(SOURCE, user, PenState.CLOSED, 1)
    replies: list[Reply] = []
    held = threading.Thread(target=lambda: replies.append(dashboard.put(dashboard.urls.source, user, 2, "b")))
    held.start()
    held.join(1.5)
    assert held.is_alive()
    assert replies == []
    dashboard.fence(TARGET, user, PenState.OPEN, 2)
    held.join(30)
    assert (replies[0].status, replies[0].body["region"], replies[0].body["epoch"]) == (200, TARGET, 2)
    assert (dashboard.receipts(SOURCE, user, 1), dashboard.receipts(TARGET, user, 2)) == (1, 1)
