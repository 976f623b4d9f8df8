"""The tracker always answers, keeps its id, and tells what stands."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.agents.tracker import LATEST, Tracker


class Refused(Exception):
    """As DynamoDB says it."""


@dataclass
class Aws:
    """A table, a metric, CloudFormation's ear and a clock."""

    items: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    metrics: list[float] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    now: float = 1000.0
    broken: bool = False
    deaf: int = 0

    ConditionalCheckFailedException = Refused

    @property
    def exceptions(self) -> type["Aws"]:
        """As a client has them."""
        return type(self)

    def put_item(self, *, Item: dict[str, Any], ConditionExpression: str = "", **_how: Any) -> None:  # noqa: N803
        """Kept, unless a later one stands."""
        if self.broken:
            raise OSError("no table")
        key = Item["migration"]["S"], Item["line"]["S"]
        standing = self.items.get(key)
        if ConditionExpression and standing and float(standing["at"]["N"]) > float(Item["at"]["N"]):
            raise Refused
        self.items[key] = Item

    def get_item(self, *, Key: dict[str, Any], **_how: Any) -> dict[str, Any]:  # noqa: N803
        """What stands."""
        found = self.items.get((Key["migration"]["S"], Key["line"]["S"]))
        return {"Item": found} if found else {}

    def put_metric_data(self, *, MetricData: list[dict[str, Any]], **_how: Any) -> None:  # noqa: N803
        """Said."""
        self.metrics += [each["Value"] for each in MetricData]

    def send(self, _url: str, body: bytes) -> None:
        """CloudFormation's ear, deaf as often as it was told to be."""
        if self.deaf:
            self.deaf -= 1
            raise OSError("deaf")
        self.answers.append(json.loads(body))

    def clock(self) -> float:
        """Later each time."""
        self.now += 1
        return self.now


def _tracker(aws: Aws) -> Tracker:
    return Tracker(aws, aws, "table", "prod", aws.clock, aws.send)


def _event(kind: str, **more: Any) -> dict[str, Any]:
    names = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "l", "ResponseURL": "http://answer"}
    return {"RequestType": kind, "ResourceProperties": {"Migration": "move"}, **names, **more}


def test_a_resource_keeps_its_id_through_its_life() -> None:
    """Also where its name changes: another id would delete the old one."""
    aws = Aws()
    _tracker(aws).handle(_event("Create"))
    known = aws.answers[0]["PhysicalResourceId"]
    renamed = {"Migration": "other"}
    _tracker(aws).handle(_event("Update", PhysicalResourceId=known, ResourceProperties=renamed))
    _tracker(aws).handle(_event("Delete", PhysicalResourceId=known, ResourceProperties=renamed))
    assert {answer["PhysicalResourceId"] for answer in aws.answers} == {"tracked move"}
    assert [answer["Status"] for answer in aws.answers] == ["SUCCESS"] * 3


@pytest.mark.parametrize("broken", [{"ResourceProperties": {}}, {"ResourceProperties": None}, {"RequestType": "Else"}])
def test_whatever_goes_wrong_is_answered(broken: dict[str, Any]) -> None:
    """Before anything was done too."""
    aws = Aws()
    event = {**_event("Create"), **broken}
    if event["ResourceProperties"] is None:
        del event["ResourceProperties"]
    _tracker(aws).handle(event)
    (answer,) = aws.answers
    assert answer["Status"] == "FAILED"
    assert answer["Reason"]
    assert len(json.dumps(answer)) < 4096


def test_a_table_that_does_not_answer_fails_the_resource_and_a_deaf_ear_is_told_again() -> None:
    """Three times in all."""
    aws = Aws(broken=True, deaf=2)
    _tracker(aws).handle(_event("Create"))
    assert [answer["Reason"] for answer in aws.answers] == ["OSError: no table"]
    aws.deaf = 3
    with pytest.raises(OSError, match="deaf"):
        _tracker(aws).handle(_event("Create"))


def test_what_was_noted_last_stands_and_is_said() -> None:
    """Every line is kept; an older one never becomes the latest."""
    aws = Aws()
    tracked = _tracker(aws)
    for percent in (10, 60):
        assert tracked.handle({"act": "note", "migration": "move", "step": "shift", "percent": percent, "why": "well"})["noted"]
    assert tracked.handle({"act": "read", "migration": "move"})["latest"]["percent"] == 60
    assert aws.metrics == [10, 60]
    aws.now = 0
    tracked.handle({"act": "note", "migration": "move", "step": "late", "percent": 5})
    assert tracked.handle({"act": "read", "migration": "move"})["latest"]["step"] == "shift"
    assert len([key for key in aws.items if key[1] != LATEST]) == 3


def test_nothing_stands_of_a_migration_nobody_tracked() -> None:
    """An empty answer, no failure."""
    assert _tracker(Aws()).handle({"act": "read", "migration": "move"}) == {"migration": "move", "latest": {}}


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ({"act": "note", "step": "s", "percent": 1}, "migration"),
        ({"act": "note", "migration": "m", "percent": 1}, "step"),
        ({"act": "note", "migration": "m", "step": "s", "percent": 101}, "percent"),
        ({"act": "note", "migration": "m", "step": "s", "percent": True}, "percent"),
        ({"act": "else", "migration": "m"}, "act"),
    ],
)
def test_what_cannot_be_noted_is_refused_in_a_sentence(event: dict[str, Any], names: str) -> None:
    """And nothing is kept."""
    aws = Aws()
    assert _tracker(aws).handle(event)["error"].startswith(f"{names}: ")
    assert not aws.items


@given(event=st.dictionaries(st.sampled_from(["act", "migration", "step", "percent"]), st.none() | st.text() | st.integers()))
def test_any_call_is_answered(event: dict[str, Any]) -> None:
    """Whatever it holds."""
    assert isinstance(_tracker(Aws()).handle(event), dict)
