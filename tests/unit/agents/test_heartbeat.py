"""Each store of a region is beaten into, whatever becomes of the others, and where the copy is it is found."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from tests.fakes import SOURCE, Clock

from landbridge.agents import heartbeat
from landbridge.agents.heartbeat import Heart
from landbridge.model.errors import BadInput
from landbridge.model.hearts import Shard, key_into
from landbridge.model.market import HEARTBEAT_FEED, Tick, entry
from landbridge.model.metrics import HEARTS
from landbridge.model.state import StateItem, is_reserved
from landbridge.workloads.trading.regional import plain

ALL = list(HEARTS)
KEYS = {"state-table": ("user", "view"), "analytics-table": ("pk", "sk"), "commands-table": ("user", "item")}
HALF = 1 << 127
SHARDS = [
    ("shard-0", 0, HALF - 1, {}),
    ("shard-1", HALF, 2 * HALF - 1, {}),
    ("old", 0, 2 * HALF - 1, {"EndingSequenceNumber": "9"}),
]
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "SUFFIX": "prod",
    "HISTORY_BUCKET": "history",
    "LIVE_STREAM": "live",
    "STATE_TABLE": "state-table",
    "ANALYTICS_TABLE": "analytics-table",
    "COMMANDS_TABLE": "commands-table",
}


@dataclass
class FakeRegion:
    """One region's DynamoDB, S3, Kinesis and CloudWatch, as far as a heart asks them; `ill` are the acts that fail, and how."""

    ill: dict[str, Exception] = field(default_factory=dict)
    not_stored: int = 0
    tables: dict[str, dict[tuple[str, str], dict[str, Any]]] = field(default_factory=lambda: {name: {} for name in KEYS})
    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put_item(self, *, TableName: str, Item: dict[str, Any]) -> None:  # noqa: N803 - AWS's words
        """By its keys."""
        self._well(TableName)
        first, second = (Item[name]["S"] for name in KEYS[TableName])
        self.tables[TableName][first, second] = Item

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803 - AWS's words
        """By its key."""
        self._well("put_object")
        self.objects[Bucket, Key] = Body

    def list_shards(self, **asked: str) -> dict[str, Any]:
        """A page holds one."""
        self._well("list_shards")
        number = int(asked.get("NextToken", 0))
        name, low, high, ended = SHARDS[number]
        keys = {"StartingHashKey": str(low), "EndingHashKey": str(high)}
        found = {"ShardId": name, "HashKeyRange": keys, "SequenceNumberRange": {"StartingSequenceNumber": "1", **ended}}
        more = {"NextToken": str(number + 1)} if number + 1 < len(SHARDS) else {}
        return {"Shards": [found], **more}

    def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - AWS's words
        """All but some."""
        assert StreamName == "live"
        self.records += Records[self.not_stored :]
        return {"FailedRecordCount": self.not_stored}

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803 - AWS's words
        """What was said."""
        assert Namespace == "TradingAnalytics"
        for each in MetricData:
            assert each["Value"] == 1.0
            self.told.append((each["MetricName"], {one["Name"]: one["Value"] for one in each["Dimensions"]}))

    def _well(self, act: str) -> None:
        if act in self.ill:
            raise self.ill[act]


def _heart(region: FakeRegion, clock: Clock | None = None) -> Heart:
    made = Heart.of(ENVIRONMENT)
    fake: Any = region
    return replace(made, dynamodb=fake, s3=fake, kinesis=fake, cloudwatch=fake, clock=clock or Clock())


def _stores(region: FakeRegion) -> list[str]:
    return [by["Store"] for metric, by in region.told if metric == "Heartbeat" and by["Suffix"] == "prod"]


def test_each_store_is_beaten_into_under_reserved_keys() -> None:
    """Tables, the history's bucket, and every open shard of the live stream; each is told."""
    region, clock = FakeRegion(), Clock()
    assert _heart(region, clock).beat() == dict.fromkeys(ALL, "")
    assert _stores(region) == ALL
    for table in region.tables.values():
        ((key, item),) = table.items()
        assert key == (f"~heartbeat-{SOURCE}", "replication")
        assert float(item["value"]["S"]) == clock()
        assert is_reserved(key[0])
    assert region.objects == {("history", f"~heartbeat/{SOURCE}"): repr(clock()).encode()}
    ticks = [entry(each["Data"].decode()) for each in region.records]
    assert [tick.symbol for tick in ticks if isinstance(tick, Tick) and tick.feed == HEARTBEAT_FEED] == ["shard-0", "shard-1"]
    shards = [Shard(name, low, high, open=True) for name, low, high, _ in SHARDS]
    assert [each["PartitionKey"] for each in region.records] == [key_into(shard, HEARTBEAT_FEED) for shard in shards[:2]]


def test_a_heartbeat_of_the_state_is_an_item_of_dashboard_state() -> None:
    """Whoever reads the whole table may read it, too."""
    region = FakeRegion()
    _heart(region).beat()
    (item,) = region.tables["state-table"].values()
    assert StateItem.of(plain(item)).write_id == "heartbeat"


def test_a_later_heartbeat_is_over_the_one_before() -> None:
    """Nothing grows but the stream, which forgets."""
    region, clock = FakeRegion(), Clock()
    heart = _heart(region, clock)
    heart.beat()
    clock.now += 60
    heart.beat()
    assert [float(item["value"]["S"]) for table in region.tables.values() for item in table.values()] == [clock()] * 3
    assert region.objects == {("history", f"~heartbeat/{SOURCE}"): repr(clock()).encode()}


REFUSED = ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "SECRET"}}, "PutItem")


@pytest.mark.parametrize(
    ("act", "error", "store", "why"),
    [
        ("state-table", REFUSED, "state", "ResourceNotFoundException"),
        ("commands-table", ConnectTimeoutError(endpoint_url="https://x"), "commands", "ConnectTimeoutError"),
        ("put_object", REFUSED, "history", "ResourceNotFoundException"),
        ("list_shards", REFUSED, "market", "ResourceNotFoundException"),
    ],
)
def test_a_store_that_fails_is_silent_and_the_others_are_not(act: str, error: Exception, store: str, why: str) -> None:
    """Its metric is missing, which rings; nothing is raised for it."""
    region = FakeRegion(ill={act: error})
    assert _heart(region).beat() == {**dict.fromkeys(ALL, ""), store: why}
    assert _stores(region) == [each for each in ALL if each != store]


def test_a_stream_that_took_not_all_is_silent() -> None:
    """One shard without a heartbeat is a copy of unknown age."""
    region = FakeRegion(not_stored=1)
    assert _heart(region).beat()["market"] == "NotAllStored"
    assert "market" not in _stores(region)


def test_where_nothing_beats_nothing_is_said() -> None:
    """No empty call, which CloudWatch refuses."""
    ill: dict[str, Exception] = dict.fromkeys((*KEYS, "put_object", "list_shards"), REFUSED)
    region = FakeRegion(ill=ill)
    _heart(region).beat()
    assert region.told == []


def test_a_heart_without_its_stores_names_is_refused_by_name() -> None:
    """Before it beats anywhere."""
    with pytest.raises(BadInput, match="LIVE_STREAM"):
        Heart.of({name: value for name, value in ENVIRONMENT.items() if name != "LIVE_STREAM"})


def test_the_log_names_stores_and_kinds_of_failure_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line."""
    region = FakeRegion(ill={"state-table": REFUSED})
    monkeypatch.setattr(heartbeat, "heart", lambda: _heart(region))
    heartbeat.handler({}, None)
    said = capsys.readouterr().err
    assert said == "state ResourceNotFoundException, analytics beat, commands beat, history beat, market beat\n"
