"""Whatever the document allows or forbids, the API answers as the document says, and never with a 5xx that it does not name."""

import json
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import unsupported_method
from tests.unit.workloads.served import documented

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/openapi.json").read_text(encoding="utf-8"))
HOLDER, OTHER = (
    schemathesis.openapi.from_wsgi("/openapi.json", documented(DOCUMENT, at_holder=at_holder)) for at_holder in (True, False)
)
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
@settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: schemathesis.Case[Any]) -> None:
    """Status, headers and body, for what the document allows and for what it forbids."""
    case.call_and_validate(excluded_checks=GATEWAYS_OWN)


@OTHER.include(method="PUT").parametrize()
@settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_a_forwarded_write_is_answered_as_documented(case: schemathesis.Case[Any]) -> None:
    """The other side's answer reaches the client as it is."""
    case.call_and_validate(excluded_checks=GATEWAYS_OWN)
