"""RU-6: no function logs what it is given, whatever fails: each function there is, marked data, and AWS that does not answer."""

import base64
import importlib
import json
import traceback
from collections.abc import Iterator, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from tests.templates.conftest import COMMITTED
from tests.templates.test_roles import INLINE
from tests.templates.walk import resources

from landbridge.deploy.manifest import Manifest
from landbridge.model.market import Tick

MARK = "MARKED-SECRET"
ARN = "arn:aws:kinesis:eu-central-1:111122223333:stream/live"
NOWHERE = "http://127.0.0.1:1"
TEXTS = (MARK, Tick(MARK, MARK, 1, MARK).text(), Tick("feed", MARK, 1, f"101.25 300 {MARK}").text())
TOLD = {"AWS_REGION": "eu-central-1", "FENCES": "4", "HOLD_SECONDS": "0.01", "LIVE_STREAM_ARN": ARN, "MIRROR_REGION": "us-east-1"}


def _handlers() -> dict[str, dict[str, Any]]:
    """The module of each function there is, and the names of its variables."""
    templates = {stack.name: stack.template for stack in Manifest.read(COMMITTED).stacks}
    made = [each["Properties"] for _, each in resources(templates, "AWS::Lambda::Function")]
    return {
        INLINE if "ZipFile" in each["Code"] else each["Handler"].rpartition(".")[0]: each.get("Environment", {}).get(
            "Variables", {}
        )
        for each in made
    } | {"landbridge.agents.replicator": dict.fromkeys(("LIVE_STREAM_ARN", "MIRROR_STREAM", "SET_ASIDE_BUCKET"))}


HANDLERS = _handlers()


def _event(**more: Any) -> dict[str, Any]:
    """Whatever a function looks for is there, and holds the mark."""
    api = {"httpMethod": "PUT", "resource": "/state/{user}/{view}", "path": f"/state/{MARK}/{MARK}", "headers": {"x": MARK}}
    parts = {"pathParameters": {"user": MARK, "view": MARK, "number": "1", "symbol": MARK}}
    body = json.dumps({"version": 1, "write_id": MARK, "value": MARK, "key": MARK, "order": {"kind": "note", "text": MARK}})
    kinesis = [{"data": base64.b64encode(text.encode()).decode(), "partitionKey": MARK} for text in TEXTS]
    records = [
        {"eventID": f"shard-0:{n}", "eventSourceARN": ARN, "kinesis": {**each, "sequenceNumber": str(n)}}
        for n, each in enumerate(kinesis)
    ]
    direct = {"act": "note", "migration": MARK, "step": MARK, "percent": 5, "why": MARK, "users": [MARK]}
    secret = {"SecretId": MARK, "ClientRequestToken": MARK, "Step": "createSecret"}
    return {**api, **parts, "body": body, "Records": records, **direct, **secret, **more}


OF_CLOUDFORMATION = {
    "RequestType": "Delete",
    "ResponseURL": f"{NOWHERE}/{MARK}",
    "ResourceProperties": {"Migration": MARK, "Bucket": MARK, "BucketName": MARK, "ServiceToken": MARK},
    **dict.fromkeys(("StackId", "RequestId", "LogicalResourceId", "PhysicalResourceId"), "x"),
}
OF_READS = {"httpMethod": "GET", "resource": "/series/{symbol}", "queryStringParameters": {"since": MARK}}


@pytest.fixture(name="module", params=sorted(HANDLERS))
def _module(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """As it is deployed, with keys nobody gave and nothing answering."""
    for name in HANDLERS[request.param]:
        monkeypatch.setenv(name, "x")
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": NOWHERE, "AWS_MAX_ATTEMPTS": "1"}
    for name, value in {**TOLD, **keys}.items():
        monkeypatch.setenv(name, value)
    module = importlib.import_module(request.param)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    _forget(module)
    yield module
    _forget(module)


def _forget(module: ModuleType) -> None:
    """What a container keeps."""
    for each in vars(module).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


def _called(module: ModuleType, more: Mapping[str, Any]) -> str:
    """The text of an error that Lambda would log for it; empty where it answered."""
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 0, aws_request_id="x", log_stream_name="x")
    try:
        module.handler(_event(**more), context)
    except Exception:
        return traceback.format_exc()
    return ""


def test_ru_6_no_function_logs_what_it_is_given(
    module: ModuleType, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in its own lines nor in an error's; each says something, so that there is something to look at."""
    raised = "".join(_called(module, more) for more in ({}, OF_READS, OF_CLOUDFORMATION))
    said = "".join((*capfd.readouterr(), caplog.text, raised))
    assert said
    assert MARK not in said
