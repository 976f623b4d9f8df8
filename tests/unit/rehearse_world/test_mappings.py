"""The door tells a mapping's owner what was asked for and what is true; the emulator hears that it is disabled."""

import asyncio
import json
from typing import Any

import pytest

from landbridge.rehearse.emulator import refusal
from landbridge.rehearse.emulator.mappings import MAPPINGS_PATH, DeployedMappings, about_mappings

STREAM = "arn:aws:kinesis:eu-central-1:000000000000:stream/live"
QUEUE = "arn:aws:sqs:eu-central-1:000000000000:work"
TOLD = {"UUID": "m", "State": "Disabled", "BatchSize": 10, "EventSourceArn": STREAM}


def made(**asked: Any) -> DeployedMappings:
    """The door after one mapping was made."""
    door = DeployedMappings()
    door.answered("POST", packed({"EventSourceArn": STREAM, "FunctionName": "f", **asked}), packed(TOLD))
    return door


def packed(body: dict[str, Any]) -> bytes:
    """As it travels."""
    return json.dumps(body).encode()


def told(door: DeployedMappings) -> dict[str, Any]:
    """What GetEventSourceMapping says of it."""
    answer: dict[str, Any] = json.loads(door.answered("GET", b"", packed(TOLD)))
    return answer


def test_the_emulator_is_never_asked_to_read_a_stream() -> None:
    """Neither by making a mapping, with or without a word about it, nor by enabling one."""
    door = made()
    for method, path, asked in (
        ("POST", MAPPINGS_PATH, {"EventSourceArn": STREAM}),
        ("POST", MAPPINGS_PATH, {"EventSourceArn": STREAM, "Enabled": True}),
        ("PUT", MAPPINGS_PATH + "m", {"Enabled": True}),
    ):
        assert json.loads(door.asked(method, path, packed(asked)))["Enabled"] is False


def test_mappings_on_queues_are_the_emulators_own() -> None:
    """They pass unchanged both ways, and nobody here knows them."""
    door = DeployedMappings()
    asked, answer = packed({"EventSourceArn": QUEUE, "Enabled": True}), {"UUID": "q", "State": "Enabled"}
    assert door.asked("POST", MAPPINGS_PATH, asked) == asked
    assert json.loads(door.answered("POST", asked, packed(answer))) == answer
    assert json.loads(door.answered("GET", b"", packed({"EventSourceMappings": [answer]}))) == {"EventSourceMappings": [answer]}
    assert not door.knows("q")


def test_what_the_emulator_forgets_is_told_all_the_same() -> None:
    """Settings it drops, AWS's defaults where it has its own, and changes on top."""
    door = made(StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=1_800_000_000, MaximumRetryAttempts=3)
    first = told(door)
    assert (first["StartingPositionTimestamp"], first["MaximumRetryAttempts"], first["ParallelizationFactor"]) == (
        1_800_000_000,
        3,
        1,
    )
    door.answered("PUT", packed({"MaximumRetryAttempts": 5}), packed(TOLD))
    assert (told(door)["MaximumRetryAttempts"], told(door)["MaximumRecordAgeInSeconds"]) == (5, -1)


def test_the_state_follows_what_is_asked_and_what_runs() -> None:
    """On the way it says so; a change of mind on the way is one."""
    door = made()
    seen = [told(door)["State"]]
    for enabled, running in ((True, True), (False, True), (True, True), (False, True), (False, False), (True, False)):
        door.answered("PUT", packed({"Enabled": enabled}), packed(TOLD))
        door.running("m", now=running)
        seen.append(told(door)["State"])
    assert seen == ["Creating", "Enabled", "Disabling", "Enabled", "Disabling", "Disabled", "Enabling"]


def test_whoever_waits_hears_of_every_change() -> None:
    """Also of one that came before the waiting began; with nothing new only when the time is over."""

    async def run() -> None:
        door = made()
        async with asyncio.timeout(10):
            await door.until_changed(None)
            await door.until_changed(0.01)
            door.answered("DELETE", b"", packed(TOLD))
            await door.until_changed(None)
        assert not door.knows("m")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"TumblingWindowInSeconds": 30}, "TumblingWindowInSeconds"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "FilterCriteria"),
        ({"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sns:eu-central-1:0:t"}}}, "neither a queue nor a bucket"),
        ({"EventSourceArn": STREAM + "/consumer/fast:1"}, "enhanced fan-out"),
    ],
)
def test_what_is_not_played_is_refused_by_name(asked: dict[str, Any], named: str) -> None:
    """As Lambda refuses, with the way out; the same for a change."""
    door = made()
    no = door.refused("POST", MAPPINGS_PATH, packed({"EventSourceArn": STREAM, **asked}))
    assert no is not None
    assert (no.status, no.headers["x-amzn-ErrorType"]) == (400, "InvalidParameterValueException")
    assert named in json.loads(no.body)["message"]
    assert door.refused("PUT", MAPPINGS_PATH + "m", packed(asked)) is not None
    assert door.refused("POST", MAPPINGS_PATH, packed({"EventSourceArn": STREAM})) is None


@pytest.mark.parametrize(
    ("path", "about"),
    [
        (MAPPINGS_PATH, True),
        (MAPPINGS_PATH + "?MaxItems=5", True),
        (MAPPINGS_PATH + "0123-ab", True),
        ("/2015-03-31/functions/f/invocations", False),
    ],
)
def test_only_requests_about_mappings_are_looked_at(path: str, *, about: bool) -> None:
    """By their path."""
    assert about_mappings(path) is about


def test_resharding_is_refused_in_either_protocol() -> None:
    """By header or by path; everything else of Kinesis passes."""
    by_header = refusal.resharding({"X-Amz-Target": "Kinesis_20131202.SplitShard"}, "/")
    by_path = refusal.resharding({"smithy-protocol": "rpc-v2-cbor"}, "/service/Kinesis_20131202/operation/UpdateShardCount")
    assert by_header is not None
    assert by_path is not None
    assert "keep the number of shards" in json.loads(by_header.body)["message"]
    assert refusal.KEEP_SHARDS.encode() in by_path.body
    assert refusal.resharding({"X-Amz-Target": "Kinesis_20131202.PutRecords"}, "/") is None
