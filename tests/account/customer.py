"""A customer of the deployed payments service: signed in, and asking each region's own load balancer."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.errors import Unreachable
from landbridge.model.region import Region
from landbridge.workloads.payments.identity import signed

PAYMENT = {"amount": 1250, "currency": "USD", "token": "tok_4fK2hQ81xZ", "last_four": "4242"}
FILE, KIND = b"a,b\n1,2\n", "text/csv"


@dataclass
class Customer:
    """One session, begun in one region and good in both."""

    moving: PaymentsMigration
    name: str
    session: str = ""

    def reaches(self, region: Region) -> bool:
        """Whether a task answers there."""
        return self.asks(region, "GET", "/health")[0] == 200

    def begins(self, region: Region) -> None:
        """Signs in, by the key that whoever signs customers in would have."""
        secrets = self.moving.clients.client("secretsmanager", region)
        key = secrets.get_secret_value(SecretId=self.moving.named("identity"))["SecretString"]
        self.session = signed(key.encode(), self.name, time.time())
        status, told = self.asks(region, "POST", "/session")
        assert status == 201, told
        self.session = told["session"]

    def asks(self, region: Region, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and body of the answer; 0 = there was none."""
        sent = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.session:
            sent["authorization"] = f"Bearer {self.session}"
        try:
            url = f"{self.moving.url(region)}{path}"
            return _answer(self.moving.opens, url, method, None if body is None else json.dumps(body).encode(), sent)
        except (OSError, Unreachable):
            return 0, None

    def pays(self, region: Region, key: str) -> str:
        """The payment under this key."""
        status, told = self.asks(region, "POST", "/payments", PAYMENT, idempotency_key=key)
        assert status == 202, told
        return str(told["payment"])

    def state(self, region: Region, payment: str) -> str:
        """What the region tells of a payment; empty = nothing yet."""
        status, told = self.asks(region, "GET", f"/payments/{payment}")
        return str(told["state"]) if status == 200 else ""

    def sends(self, region: Region) -> str:
        """A file, straight to the region's bucket; as which upload."""
        status, told = self.asks(region, "POST", "/uploads", {"type": KIND, "bytes": len(FILE)})
        assert status == 201, told
        put = told["put"]
        assert _answer(urllib.request.urlopen, put["url"], "PUT", FILE, put["headers"])[0] == 200
        return str(told["upload"])

    def has(self, region: Region, upload: str) -> bool:
        """Whether the file lies in the region's bucket."""
        status, told = self.asks(region, "GET", f"/uploads/{upload}")
        assert status in {0, 200, 404}, told
        return status == 200


def _answer(opens: Any, url: str, method: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, Any]:
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - of what was just deployed
    try:
        with opens(request, timeout=30) as answer:
            return answer.status, _read(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _read(refused.read())


def _read(text: bytes) -> Any:
    return json.loads(text) if text[:1] == b"{" else text
