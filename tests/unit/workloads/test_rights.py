"""Nobody reads or writes what is another's: by token, by signature, and through the other region."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.workloads.served import Served

from landbridge.model.routes import ROUTES
from landbridge.workloads.trading.entitled import peers
from landbridge.workloads.trading.peer import HttpPeer
from landbridge.workloads.trading.rights import Rights, users_of

ACCOUNT, OTHER_ACCOUNT = "111122223333", "444455556666"
ROLES = users_of("Desk=*,Trader=@,Robot=alice")
BY_TOKEN, BY_ROLE = Rights("jwt", "prod", "ops"), Rights("iam", "prod", users_of_roles=ROLES)
HOW = settings(max_examples=100, deadline=None, database=None)
ORDER = {"key": "k", "order": {"kind": "note", "note": "n", "text": "TAKEN"}}
STATE = {"version": 9, "write_id": "w", "value": "TAKEN"}
USERS = st.sampled_from(["alice", "bob", "Alice", "alice ", "", "~heart", "*", "@"])
GROUPS = st.none() | st.sampled_from(["", "ops", "op", "ops2", "desk,ops", "desk, staff"])


def _arn(role: str, session: str = "alice", account: str = ACCOUNT) -> str:
    return f"arn:aws:sts::{account}:assumed-role/{role}/{session}"


OURS = "trading-analytics-write-prod-us-east-1"
ARNS = st.builds(
    _arn,
    st.sampled_from(["Desk", "Trader", "Robot", "Stranger", OURS, f"{OURS}x", "trading-analytics-write-prod2-us-east-1"]),
    st.sampled_from(["alice", "bob", "*"]),
    st.sampled_from([ACCOUNT, OTHER_ACCOUNT]),
) | st.sampled_from(["", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:root"])
HEADERS = st.dictionaries(
    st.sampled_from(["x-landbridge-caller", "X-Landbridge-Caller", "x-landbridge-hop", "x-landbridge-probe", "x-seen-version"]),
    ARNS | st.just("1"),
    max_size=3,
)


def _event(route: Any, user: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    parts = {"user": user, "view": "v", "number": "1", "symbol": "ACME"}
    body = json.dumps(STATE if route.path.startswith("/state") else ORDER)
    named = {name: value for name, value in parts.items() if f"{{{name}}}" in route.path}
    return {
        "httpMethod": route.method,
        "resource": route.path,
        "pathParameters": named or None,
        "headers": dict(headers or {}),
        "body": body if route.method == "PUT" else None,
        "requestContext": {"accountId": ACCOUNT, **context},
    }


def _token(subject: str, groups: str | None = None) -> dict[str, Any]:
    claims = {"sub": subject, **({} if groups is None else {"cognito:groups": groups})}
    return {"authorizer": {"claims": claims}}


def _signed(arn: str, account: str = ACCOUNT) -> dict[str, Any]:
    return {"accountId": account, "identity": {"userArn": arn}}


def _served(rights: Rights) -> Served:
    """A region in which bob has state and a command."""
    made = Served(at_holder=True)
    for path, body in (("/state/{user}/{view}", {**STATE, "version": 1}), ("/commands/{user}/{number}", ORDER)):
        route = next(each for each in ROUTES if (each.method, each.path) == ("PUT", path))
        told = made.answer({**_event(route, "bob", {}), "body": json.dumps(body).replace("TAKEN", "BOBS-OWN")})
        assert told["statusCode"] == 200
    made.rights = rights
    return made


def _left_alone(served: Served, told: Mapping[str, Any], user: str) -> None:
    """The answer tells nothing of bob's, and what is bob's is as it was."""
    assert "BOBS-OWN" not in told["body"]
    assert [item.value for item in served.states.items.values() if item.user == "bob"] == ["BOBS-OWN"]
    assert ["BOBS-OWN" in item.body for item in served.commands.commands.values() if item.user == "bob"] == [True]
    if told["statusCode"] == 403:
        assert json.loads(told["body"]) == {"error": "user: is not the one you signed in as; name yourself in the path"}
        assert user not in served.log.getvalue() or not user


@HOW
@given(route=st.sampled_from(ROUTES), user=USERS, subject=USERS, groups=GROUPS, headers=HEADERS)
def test_by_token_only_the_subject_and_operators_reach_what_is_a_users(
    route: Any, user: str, subject: str, groups: str | None, headers: dict[str, str]
) -> None:
    """Whatever the path, the headers and the other groups say."""
    served = _served(BY_TOKEN)
    told = served.answer(_event(route, user, _token(subject, groups), headers))
    operates = groups in {"ops", "desk,ops"}
    if "{user}" in route.path:
        assert (told["statusCode"] == 403) is not (operates or user == subject)
    else:
        assert told["statusCode"] == 200
    if not operates and subject != "bob":
        _left_alone(served, told, user)


def _entitled(arn: str, headers: Mapping[str, str], user: str) -> bool:
    """As the page for developers has it, spelled out anew."""
    if f":{ACCOUNT}:assumed-role/{OURS}/" in arn:
        arn = next((value for name, value in headers.items() if name.lower() == "x-landbridge-caller"), "")
    if f"sts::{ACCOUNT}:" not in arn:
        return False
    role, session = arn.split("/")[1:]
    return role == "Desk" or (role, session) == ("Trader", user) or (role, user) == ("Robot", "alice")


@HOW
@given(route=st.sampled_from(ROUTES), user=USERS, arn=ARNS, headers=HEADERS)
def test_by_signature_only_whom_the_mapping_names_reaches_what_is_a_users(
    route: Any, user: str, arn: str, headers: dict[str, str]
) -> None:
    """The header that names the caller of a forwarded request is believed of our own functions alone."""
    served = _served(BY_ROLE)
    told = served.answer(_event(route, user, _signed(arn), headers))
    allowed = "{user}" not in route.path or _entitled(arn, headers, user)
    assert (told["statusCode"] == 403) is not allowed
    if not allowed:
        _left_alone(served, told, user)


@pytest.mark.parametrize("rights", [BY_TOKEN, BY_ROLE, Rights("something new")])
@pytest.mark.parametrize("context", [None, [], "x", {}, {"authorizer": None}, {"authorizer": {"claims": "x"}}, {"identity": []}])
def test_who_is_not_told_is_nobody(rights: Rights, context: object) -> None:
    """Where API Gateway says nothing of the caller, nothing is allowed but what is everybody's."""
    for route in ROUTES:
        event = {**_event(route, "alice", {}), "requestContext": context}
        assert rights.allow(event) is ("{user}" not in route.path)


@pytest.mark.parametrize("rights", [BY_TOKEN, BY_ROLE, Rights("none")])
def test_health_stays_open(rights: Rights) -> None:
    """Route 53's checkers show nothing at all."""
    assert _served(rights).answer({"httpMethod": "GET", "resource": "/health"})["statusCode"] == 200


def test_without_an_authorizer_everybody_is_anybody() -> None:
    """As the page says: for networks that are closed."""
    assert all(Rights("none").allow(_event(route, "bob", {})) for route in ROUTES)


def test_a_path_that_names_nobody_is_nobodys() -> None:
    """An event without its user is refused rather than read as someone."""
    for parts in (None, {}, {"user": None}, {"user": ["alice"]}):
        assert not BY_TOKEN.allow(
            {"resource": "/state/{user}/{view}", "pathParameters": parts, "requestContext": _token("alice")}
        )


@HOW
@given(arn=ARNS, user=USERS)
def test_the_other_region_decides_about_a_forwarded_request_as_this_one_did(arn: str, user: str) -> None:
    """The original caller's name goes along, signed by our function's role, and is judged there by the same mapping."""
    peer = HttpPeer(lambda: None, 1.0, 1.0)
    route = next(each for each in ROUTES if each.path == "/state/{user}/{view}")
    here = _event(route, user, _signed(arn))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("ACCESS_KEY_ID", "AKIDEXAMPLE"), ("SECRET_ACCESS_KEY", "secret")):
            patch.setenv(f"AWS_{name}", value)
        shown = peers("iam", peer)(here).entitle("PUT", "https://a.execute-api.eu-central-1.amazonaws.com/live/state/u/v", b"{}")
    assert "x-landbridge-caller" in shown["Authorization"].partition("SignedHeaders=")[2]
    there = _event(route, user, _signed(_arn(OURS, "function")), shown)
    if OURS not in arn:  # what was forwarded once is never forwarded again
        assert BY_ROLE.allow(there) is BY_ROLE.allow(here)


def test_a_mapping_that_cannot_be_read_gives_nobody_a_right() -> None:
    """Pieces without both halves are left out."""
    assert users_of("") == {}
    assert users_of("Desk,=bob,Trader=,Robot=alice") == {"Robot": "alice"}
