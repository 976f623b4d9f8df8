"""A forwarded request shows the other region's authorizer what it wants to see, and nothing where it wants nothing."""

import re
from typing import Any

import pytest

from landbridge.workloads.trading.entitled import peers
from landbridge.workloads.trading.peer import HttpPeer

PEER = HttpPeer(lambda: None, 1.0, 1.0)
URL = "https://abc123.execute-api.eu-central-1.amazonaws.com/live/state/u~1/v"
EVENT: dict[str, Any] = {
    "headers": {"Authorization": "token-of-the-caller"},
    "requestContext": {"identity": {"userArn": "arn-of-the-caller"}},
}


@pytest.fixture(autouse=True)
def _role(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function's role, as Lambda tells it."""
    for name, value in (("ACCESS_KEY_ID", "AKIDEXAMPLE"), ("SECRET_ACCESS_KEY", "secret"), ("SESSION_TOKEN", "session")):
        monkeypatch.setenv(f"AWS_{name}", value)


def _shown(authorizer: str, url: str = URL, body: bytes | None = b"{}", event: Any = EVENT) -> dict[str, str]:
    return dict(peers(authorizer, PEER)(event).entitle("PUT", url, body))


def test_nothing_is_shown_where_nobody_asks() -> None:
    """Not even the caller's own token leaves the region."""
    assert _shown("none") == {}


def test_a_request_is_signed_for_the_other_regions_api() -> None:
    """By this function's role, for execute-api in the region the address names."""
    shown = _shown("iam")
    scope = r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-central-1/execute-api/aws4_request, SignedHeaders=\S*host\S*, "
    assert re.match(scope, shown["Authorization"])
    assert shown["X-Amz-Security-Token"] == "session"
    assert "token-of-the-caller" not in str(shown)


def test_who_asked_here_goes_along_under_the_signature() -> None:
    """The other region is told in whose name; nobody on the way can say another."""
    shown = _shown("iam")
    assert shown["x-landbridge-caller"] == "arn-of-the-caller"
    assert "x-landbridge-caller" in shown["Authorization"].partition("SignedHeaders=")[2]


def test_the_signature_is_of_this_request_alone() -> None:
    """Another path or body has another signature."""
    signatures = {_shown("iam", url, body)["Authorization"] for url, body in ((URL, b"{}"), (URL, b"[]"), (URL + "w", b"{}"))}
    assert len(signatures) == 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/live", "https://api.example.com/live", "nonsense"])
def test_what_names_no_region_is_not_signed_for(url: str) -> None:
    """No signature for a guess; the other side refuses, and the hold ends with 503."""
    assert _shown("iam", url) == {}


def test_the_callers_own_token_goes_along() -> None:
    """Each request shows its own caller's, and none where there was none."""
    assert _shown("jwt") == {"authorization": "token-of-the-caller"}
    assert _shown("jwt", event={"headers": None}) == {}
