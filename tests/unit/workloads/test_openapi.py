"""Whatever the document allows or forbids, the API answers as the document says, and never with a 5xx that it does not name."""

import json
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from tests.unit.workloads.served import SUBJECT, Served, documented

from landbridge.model.wire import BY_TOKEN
from landbridge.workloads.trading.rights import Rights

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/openapi.json").read_text(encoding="utf-8"))
HOLDER, OTHER = (
    schemathesis.openapi.from_wsgi("/openapi.json", documented(DOCUMENT, Served(at_holder=at_holder)))
    for at_holder in (True, False)
)
AS_DESCRIBED = [status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
GATEWAYS_OWN = [unsupported_method]  # API Gateway answers 403, never 405, where there is no such method


def whole(value: Any) -> Any:
    """JSON Schema calls 465.0 a whole number; we want it spelled as one, which a schema can't say."""
    if isinstance(value, dict):
        return {name: whole(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """What is sent."""
    return whole(body)


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    """A moment before another: which a schema can't say either."""
    since, until = (query or {}).get("since"), (query or {}).get("until")
    return (
        {**query, "since": until, "until": since}
        if isinstance(since, int) and isinstance(until, int) and since > until
        else query
    )


@HOLDER.parametrize()
@settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: schemathesis.Case[Any]) -> None:
    """Status, headers and body, for what the document allows and for what it forbids."""
    case.call_and_validate(excluded_checks=GATEWAYS_OWN)


@OTHER.include(method="PUT").parametrize()
@settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_a_forwarded_write_is_answered_as_documented(case: schemathesis.Case[Any]) -> None:
    """The other side's answer reaches the client as it is."""
    case.call_and_validate(excluded_checks=GATEWAYS_OWN)


STATE, COMMAND = "/state/{user}/{view}", "/commands/{user}/{number}"
OF_USERS: dict[str, dict[str, Any]] = {
    STATE: {"user": "u", "view": "v"},
    "/commands/{user}": {"user": "u"},
    COMMAND: {"user": "u", "number": 1},
}
OF_MARKET: dict[str, dict[str, Any]] = {
    "/snapshot": {},
    "/search": {},
    "/series/{symbol}": {"symbol": "ACME"},
    "/signals/{symbol}": {"symbol": "ACME"},
}
READS: dict[str, dict[str, Any]] = {"/health": {}, **OF_USERS, **OF_MARKET}
ORDER = {"kind": "watch", "list": "l", "symbol": "ACME"}
WRITES: dict[str, dict[str, Any]] = {
    STATE: {"version": 5, "write_id": "a", "value": "x"},
    COMMAND: {"key": "a", "order": ORDER},
}
LATER: dict[str, dict[str, Any]] = {STATE: {"version": 4, "write_id": "b", "value": "y"}, COMMAND: {"key": "b", "order": ORDER}}


class Asked:
    """Asks a world of its own, checks each answer against the document, and keeps which there were."""

    def __init__(self) -> None:
        self.served = Served(at_holder=True)
        self.served.rights = Rights(BY_TOKEN)
        self._schema = schemathesis.openapi.from_wsgi("/openapi.json", documented(DOCUMENT, self.served))
        self.got: set[tuple[str, str, str]] = set()

    def ask(self, method: str, path: str, **how: Any) -> None:
        """One request."""
        case = self._schema[path][method].Case(**{"path_parameters": READS[path], "media_type": "application/json", **how})
        answer = case.call_and_validate(checks=AS_DESCRIBED)
        self.got.add((method, path, str(answer.status_code)))


def test_every_documented_answer_is_given() -> None:
    """Each status of each route comes about, with its body and headers as they are described."""
    asked = Asked()
    for path in OF_USERS:
        asked.ask("GET", path)
        asked.ask("GET", path, headers={SUBJECT: "another"})
    for path, body in WRITES.items():
        asked.ask("PUT", path, body=body)
        asked.ask("PUT", path, body=body, headers={SUBJECT: "another"})
        asked.ask("PUT", path, body=LATER[path])
        asked.ask("PUT", path, body={})
    for path in READS:
        asked.ask("GET", path)
        bad = {"headers": {"x-seen-version": "x"}} if path in OF_USERS else {"query": {"most": "x", "begins": "x"}}
        asked.ask("GET", path, **bad)
    asked.served.close()
    for path, body in WRITES.items():
        asked.ask("PUT", path, body=body)
        asked.ask("PUT", path, body=body, headers={"x-landbridge-hop": "1"})
    asked.served.lose()
    for path in READS:
        asked.ask("GET", path)
    paths = DOCUMENT["paths"].items()
    assert asked.got == {
        (method.upper(), path, status)
        for path, methods in paths
        for method, each in methods.items()
        for status in each["responses"]
    }
