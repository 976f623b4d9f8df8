"""Who a client is: a short-lived token of whoever signs customers in, signed by a key that both keep in Secrets Manager.

The token is a JSON Web Token of one kind alone (HS256, this audience, some minutes), so that nothing in it can choose how it is
looked at. After the key was changed the one before is good too, until the last token signed by it has run out.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import Unreachable
from landbridge.workloads.payments.payment import CUSTOMER

AUDIENCE = "payments"
LASTS, APART = 300.0, 30.0  # seconds a token is good, and how far clocks may be apart
HEADER = {"alg": "HS256", "typ": "JWT"}
VERSIONS = ("AWSCURRENT", "AWSPREVIOUS")
PRESENT = 60.0  # seconds a key counts as new
LEAST_KEY = 32  # bytes: as many as the hash has


def signed(key: bytes, customer: str, now: float) -> str:
    """A token that says who the customer is, as who signs customers in makes it."""
    said = {"sub": customer, "aud": AUDIENCE, "exp": int(now + LASTS)}
    told = ".".join(_packed(json.dumps(each, separators=(",", ":")).encode()) for each in (HEADER, said))
    return f"{told}.{_packed(_signature(key, told))}"


def customer_of(keys: Iterable[bytes], token: str, now: float) -> str | None:
    """Whom a token names; None = it is not signed by one of the keys, has run out, or is for somebody else."""
    told, _, signature = token.rpartition(".")
    if not any(hmac.compare_digest(_packed(_signature(key, told)).encode(), signature.encode()) for key in keys):
        return None
    header, said = (_unpacked(part) for part in (told.split(".") if told.count(".") == 1 else ("", "")))
    if header.get("alg") != HEADER["alg"] or said.get("aud") != AUDIENCE or not _lasts(said.get("exp"), now):
        return None
    customer = said.get("sub")
    return customer if isinstance(customer, str) and re.fullmatch(CUSTOMER, customer) else None


class Keys:
    """The keys of the region's copy of the secret, asked for again every minute; those that are known outlive a silence."""

    def __init__(self, secrets: Any, secret: Callable[[], str], region: str, clock: Callable[[], float]) -> None:
        self._secrets, self._secret, self._region, self._clock = secrets, secret, region, clock
        self._known: tuple[bytes, ...] = ()
        self._until = float("-inf")

    def __call__(self) -> tuple[bytes, ...]:
        """The newest first; Unreachable where none was ever told."""
        if self._clock() >= self._until:
            self._known = self._asked() or self._known
            self._until = self._clock() + PRESENT
        return self._known

    def _asked(self) -> tuple[bytes, ...]:
        name = self._secret()
        try:
            told = self._value(name, VERSIONS[0])
        except (BotoCoreError, ClientError) as lost:
            if self._known:
                return ()
            raise Unreachable(self._region, type(lost).__name__) from lost
        try:
            before = self._value(name, VERSIONS[1])
        except (BotoCoreError, ClientError):  # it was never changed
            before = b""
        return tuple(key for key in (told, before) if len(key) >= LEAST_KEY)

    def _value(self, name: str, version: str) -> bytes:
        return str(self._secrets.get_secret_value(SecretId=name, VersionStage=version)["SecretString"]).encode()


def _lasts(until: object, now: float) -> bool:
    return isinstance(until, int) and now - APART < until <= now + LASTS + APART


def _signature(key: bytes, told: str) -> bytes:
    return hmac.new(key, told.encode(), hashlib.sha256).digest()


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpacked(part: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
