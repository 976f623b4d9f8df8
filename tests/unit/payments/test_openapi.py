"""Whatever the document allows or forbids, the running service answers as the document says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.unit.payments.fakes import named
from tests.unit.payments.served import SESSION, Served, served

from landbridge.workloads.payments.api.document import document, written

SCHEMA = schemathesis.openapi.from_dict(document())
AS_DESCRIBED = [status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
BODIES: dict[str, Any] = {
    "/payments": {"amount": 1250, "currency": "USD", "token": "tok_4fK2hQ81xZ", "last_four": "4242"},
    "/uploads": {"type": "image/png", "bytes": 7},
}
SIGNED_IN = {"authorization": SESSION}
NAMED = {"authorization": named()}
KEY = {"idempotency-key": "key-1"}
PARTS = {"payment": f"p-{'0' * 32}", "upload": f"u-{'0' * 32}"}


def test_the_committed_document_is_what_the_service_tells() -> None:
    """`python -m landbridge.workloads.payments.api.document docs/payments-openapi.json` writes it anew."""
    committed = Path(__file__).parents[3] / "docs/payments-openapi.json"
    assert committed.read_text(encoding="utf-8") == written()


def sent(path: str) -> dict[str, Any]:
    """What is sent to a path that takes something."""
    return {"body": BODIES[path]} if path in BODIES else {}


def whole(value: Any) -> Any:
    """JSON Schema calls 465.0 a whole number; money is spelled as one, which a schema can't say."""
    if isinstance(value, dict):
        return {name: whole(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """What is sent."""
    return whole(body)


@SCHEMA.auth()
class Session:
    """The session requests are sent in; schemathesis leaves it out too, and takes nothing but 401 then."""

    def get(self, case: Any, context: Any) -> str:
        """Which."""
        return SESSION

    def set(self, case: Any, data: str, context: Any) -> None:
        """Where it is told."""
        case.headers["authorization"] = data


@SCHEMA.parametrize()
@settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: schemathesis.Case[Any], service: Served) -> None:
    """Status, headers and body, with a session and without one, for what the document allows and for what it forbids."""
    case.call_and_validate(base_url=service.url)


class Asked:
    """Asks a service of its own, checks each answer against the document, and keeps which there were."""

    def __init__(self, service: Served) -> None:
        self.service, self.got = service, set[tuple[str, str, str]]()

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **how: Any) -> Any:
        """One request."""
        parts = {name: value for name, value in PARTS.items() if f"{{{name}}}" in path}
        how = {"path_parameters": parts, "media_type": "application/json", "headers": headers or {}, **how}
        answer = SCHEMA[path][method].Case(**how).call_and_validate(base_url=self.service.url, checks=AS_DESCRIBED)
        self.got.add((method, path, str(answer.status_code)))
        return answer.json() if answer.content else None


@pytest.fixture(name="asked")
def _asked() -> Iterator[Asked]:
    with served() as own:
        yield Asked(own)


def test_every_documented_answer_is_given(asked: Asked) -> None:
    """Each status of each route comes about, with its body and headers as they are described."""
    known = {**SIGNED_IN, **KEY}
    for path in ("/health", "/openapi.json", "/session"):
        asked.ask("GET", path, SIGNED_IN)
    asked.ask("POST", "/session", NAMED)
    for path, body in BODIES.items():
        made = asked.ask("POST", path, known, body=body)
        asked.ask("POST", path, known, body={})
        asked.ask("POST", path, known, body={"large": "x" * 20_000})
        asked.ask("POST", path, {**known, "content-type": "text/plain"}, body=body)
        for part in (part for part in PARTS if part in made):
            asked.ask("GET", f"{path}/{{{part}}}", SIGNED_IN, path_parameters={part: made[part]})
    asked.ask("POST", "/payments", known, body={**BODIES["/payments"], "amount": 9})
    paths = document()["paths"].items()
    closed = [(method.upper(), path) for path, methods in paths for method, each in methods.items() if "security" in each]
    for method, path in closed:
        asked.ask(method, path, KEY, **sent(path))
    asked.ask("GET", "/payments/{payment}", SIGNED_IN)
    asked.ask("GET", "/uploads/{upload}", SIGNED_IN)
    asked.ask("DELETE", "/session", SIGNED_IN)
    asked.service.region.out = True
    for method, path in closed:
        asked.ask(method, path, known if (method, path) != ("POST", "/session") else NAMED, **sent(path))
    assert asked.got == {
        (method.upper(), path, status)
        for path, methods in paths
        for method, each in methods.items()
        for status in each["responses"]
    }
