"""What can't be used is refused at the door in one sentence; what can is read exactly."""

import base64
import json
from typing import Any

import pytest

from landbridge.model.errors import BadInput
from landbridge.model.wire import HOP_HEADER, PROBE_HEADER, SEEN_HEADER
from landbridge.workloads.trading import request
from landbridge.workloads.trading.state import Write

GOOD: dict[str, Any] = {"version": 1, "write_id": "a:1", "value": "v"}


def _event(body: Any = None, user: str = "u", view: str = "v", **headers: str) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"pathParameters": {"user": user, "view": view}, "headers": headers, "body": text}


def test_a_good_write_is_read_exactly() -> None:
    """Everything it says, plain or base64, deleted or not."""
    assert request.write(_event(GOOD)) == Write("u", "v", 1, "a:1", "v")
    encoded = _event(base64.b64encode(json.dumps({**GOOD, "deleted": True}).encode()).decode())
    assert request.write({**encoded, "isBase64Encoded": True}) == Write("u", "v", 1, "a:1", "v", deleted=True)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"version": 0}, "version"),
        ({"version": 2**53 + 1}, "version"),
        ({"version": True}, "version"),
        ({"version": 1.0}, "version"),
        ({"version": None}, "version"),
        ({"write_id": ""}, "write_id"),
        ({"write_id": "x" * 65}, "write_id"),
        ({"write_id": "a b"}, "write_id"),
        ({"write_id": "a\n"}, "write_id"),
        ({"write_id": 5}, "write_id"),
        ({"value": "ä" * (16 * 1024 + 1)}, "value"),
        ({"value": "\ud800"}, "value"),
        ({"value": 5}, "value"),
        ({"deleted": "no"}, "deleted"),
    ],
)
def test_a_bad_body_is_refused_by_the_name_of_what_is_wrong(change: dict[str, Any], names: str) -> None:
    """One sentence that begins with the field."""
    with pytest.raises(BadInput) as refused:
        request.write(_event({**GOOD, **change}))
    assert str(refused.value).startswith(f"{names}: ")


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "nonsense"])
def test_what_is_no_object_is_refused(body: str) -> None:
    """Empty, a list, broken: all the same to the sender."""
    with pytest.raises(BadInput, match="not a JSON object"):
        request.write(_event(body))


def test_base64_that_is_none_is_refused() -> None:
    """A body that says it is base64 and isn't."""
    with pytest.raises(BadInput, match="not a JSON object"):
        request.write({**_event("*"), "isBase64Encoded": True})


@pytest.mark.parametrize("name", ["", "a" * 65, "a/b", "a b", "ä", "a\n"])
def test_names_are_plain(name: str) -> None:
    """User and view take 64 plain characters, no more."""
    for user, view in ((name, "v"), ("u", name)):
        with pytest.raises(BadInput, match="use 1 to 64"):
            request.key(_event(user=user, view=view))


def test_reserved_users_are_for_marks_alone() -> None:
    """A person's key that every comparison leaves out would never be proved; our own marks and forwarded ones pass."""
    with pytest.raises(BadInput, match="reserved"):
        request.write(_event(GOOD, user="~me"))
    for header in (HOP_HEADER, PROBE_HEADER):
        assert request.write(_event(GOOD, user="~me", **{header: "1"})).user == "~me"


def test_no_path_at_all_is_refused() -> None:
    """An event without path parameters."""
    with pytest.raises(BadInput, match="user"):
        request.key({"pathParameters": None})


def test_the_limits_themselves_are_fine() -> None:
    """The largest version, name, id and value."""
    body = {"version": 2**53, "write_id": "~" * 64, "value": "x" * 32 * 1024}
    assert request.write(_event(body, "A" * 64, "a_.~-")).version == 2**53


def test_headers_are_found_however_they_are_spelled() -> None:
    """HTTP/2 lowers names, HTTP/1.1 clients spell them as they like; none at all is fine."""
    assert request.hopped(_event(**{HOP_HEADER.title(): "1"}))
    assert not request.hopped({"headers": None})
    assert request.seen(_event(**{SEEN_HEADER.upper(): "7"})) == 7
    assert request.seen(_event()) == 0


@pytest.mark.parametrize("text", ["-1", "x", "", "1" * 17, "9007199254740993", "²", "9" * 5000])
def test_a_seen_version_that_is_none_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadInput, match=SEEN_HEADER):
        request.seen(_event(**{SEEN_HEADER: text}))
