"""A token names a customer when a known key signed it, for this service, and not for long; nothing in it is believed before."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.payments.fakes import IDENTITY_KEY as KEY
from tests.unit.payments.fakes import NOW

from landbridge.model.errors import Unreachable
from landbridge.workloads.payments.identity import LASTS, Keys, customer_of, signed

OTHER = b"o" * 43
SAID = {"sub": "shop", "aud": "payments", "exp": int(NOW + 60)}


def made(said: dict[str, Any], header: dict[str, Any] | None = None, key: bytes = KEY) -> str:
    """A token of any kind, well signed."""
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (header or {"alg": "HS256"}, said)]
    told = b".".join(parts)
    return (told + b"." + base64.urlsafe_b64encode(hmac.new(key, told, hashlib.sha256).digest()).rstrip(b"=")).decode()


def test_a_token_names_its_customer() -> None:
    """As who signs customers in makes it; also by the key before the newest."""
    assert customer_of([KEY], signed(KEY, "shop", NOW), NOW) == "shop"
    assert customer_of([OTHER, KEY], signed(KEY, "shop", NOW), NOW) == "shop"
    assert customer_of([KEY], made(SAID), NOW) == "shop"


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c.d",
        "é.é.é",
        made(SAID, key=OTHER),
        made(SAID).rpartition(".")[0] + ".",
        made(SAID, {"alg": "none"}),
        made(SAID, {"alg": "RS256"}),
        made({**SAID, "aud": "trading"}),
        made({**SAID, "exp": int(NOW - 60)}),
        made({**SAID, "exp": int(NOW + 2 * LASTS)}),
        made({**SAID, "exp": "later"}),
        made({**SAID, "sub": "a b"}),
        made({**SAID, "sub": None}),
        made({name: value for name, value in SAID.items() if name != "sub"}),
    ],
)
def test_any_other_token_names_nobody(token: str) -> None:
    """Unsigned, by another key, for somebody else, too old, good for too long, or of nobody."""
    assert customer_of([KEY], token, NOW) is None


def test_without_a_key_nobody_is_named() -> None:
    """Not by the empty one either."""
    assert customer_of([], signed(KEY, "shop", NOW), NOW) is None


def test_a_changed_letter_names_nobody() -> None:
    """Wherever it is."""
    token = signed(KEY, "shop", NOW)
    assert all(customer_of([KEY], token[:at] + "~" + token[at + 1 :], NOW) is None for at in range(len(token)))


@dataclass
class Secrets:
    """Secrets Manager with the versions laid out; silent, it answers nothing."""

    versions: dict[str, str] = field(default_factory=lambda: {"AWSCURRENT": KEY.decode()})
    silent: bool = False

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803
        """The one asked for."""
        if self.silent or VersionStage not in self.versions:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, SecretId)
        return {"SecretString": self.versions[VersionStage]}


def test_the_key_before_the_newest_is_known_too() -> None:
    """And a key that is too short to be one is none."""
    secrets, now = Secrets(), [0.0]
    keys = Keys(secrets, lambda: "identity", "us-east-1", lambda: now[0])
    assert keys() == (KEY,)
    secrets.versions = {"AWSCURRENT": OTHER.decode(), "AWSPREVIOUS": KEY.decode()}
    assert keys() == (KEY,)
    now[0] = 61.0
    assert keys() == (OTHER, KEY)
    secrets.versions, now[0] = {"AWSCURRENT": "short"}, 122.0
    assert keys() == (OTHER, KEY)


def test_keys_that_are_known_outlive_a_silence() -> None:
    """Where none was ever told, the client is asked to come again."""
    secrets, now = Secrets(), [0.0]
    keys = Keys(secrets, lambda: "identity", "us-east-1", lambda: now[0])
    keys()
    secrets.silent, now[0] = True, 3600.0
    assert keys() == (KEY,)
    with pytest.raises(Unreachable):
        Keys(secrets, lambda: "identity", "us-east-1", lambda: 0.0)()
