"""A region's stores and the ledger in memory; any call may be the last one a process makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from landbridge.workloads.payments.api.answer import Answer
from landbridge.workloads.payments.api.desk import Desk
from landbridge.workloads.payments.api.request import Request
from landbridge.workloads.payments.api.routes import find
from landbridge.workloads.payments.api.stores import Queue, Table, Uploads
from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.identity import customer_of, signed
from landbridge.workloads.payments.ledger import Contradicts, Known, Outcome, Taken, Unknown
from landbridge.workloads.payments.payment import Payment
from landbridge.workloads.payments.states import Kind, State, may_come, steps

NOW = 1_800_000_000.0
IDENTITY_KEY = b"k" * 43


def named(customer: str = "shop") -> str:
    """What who signs customers in gives, as the header that carries it."""
    return f"Bearer {signed(IDENTITY_KEY, customer, NOW)}"


class Killed(BaseException):
    """The process ends here: nothing catches it."""


@dataclass
class Life:
    """How many steps a process has left; each store's call is two, before it happens and after."""

    left: int | None = None

    def step(self) -> None:
        """One more."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Killed


@dataclass
class Region:
    """What AWS keeps in a region; out, nothing of it answers."""

    name: str
    life: Life = field(default_factory=Life)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    out: bool = False

    def _call(self, act: Callable[[], Any]) -> Any:
        self.life.step()
        if self.out:
            raise EndpointConnectionError(endpoint_url=self.name)
        told = act()
        self.life.step()
        return told

    def put_item(self, *, Item: dict[str, Any], ConditionExpression: str = "", **_how: Any) -> Any:  # noqa: N803
        """DynamoDB's, with the one condition there is."""
        key = Item["session"]["S"]
        found = self.items.get(key)
        if ConditionExpression and found and found["digest"] != Item["digest"]:
            self._call(lambda: None)
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")
        return self._call(lambda: self.items.update({key: Item}) or {})

    def get_item(self, *, Key: Mapping[str, Any], **_how: Any) -> Any:  # noqa: N803
        """DynamoDB's."""
        found = self._call(lambda: self.items.get(Key["session"]["S"]))
        return {"Item": found} if found else {}

    def delete_item(self, *, Key: Mapping[str, Any], **_how: Any) -> Any:  # noqa: N803
        """DynamoDB's."""
        return self._call(lambda: self.items.pop(Key["session"]["S"], None) and {}) or {}

    def send_message(self, *, MessageBody: str, **_how: Any) -> Any:  # noqa: N803
        """The queue's."""
        return self._call(lambda: self.queue.extend([MessageBody]))

    def generate_presigned_url(self, *, ClientMethod: str, Params: Mapping[str, Any], ExpiresIn: int) -> str:  # noqa: N803
        """S3's, which asks nobody."""
        if ClientMethod == "put_object":  # as if it were sent at once
            self.files[Params["Key"]] = Params["ContentType"], Params["ContentLength"]
        return f"https://{Params['Bucket']}.example/{Params['Key']}?{ExpiresIn}"

    def head_object(self, *, Key: str, **_how: Any) -> Any:  # noqa: N803
        """S3's."""
        found = self._call(lambda: self.files.get(Key))
        if not found:
            raise ClientError({"Error": {"Code": "404"}}, "HeadObject")
        return {"ContentType": found[0], "ContentLength": found[1]}


@dataclass
class MemoryLedger:
    """All of it in dictionaries; `lost` answers of transactions that happen, `failing` transactions that don't."""

    life: Life = field(default_factory=Life)
    events: dict[tuple[str, Kind], str] = field(default_factory=dict)
    took: dict[str, list[Kind]] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    state: dict[str, State] = field(default_factory=dict)
    lost: int = 0
    failing: int = 0

    def take(self, event: Event) -> Outcome:
        """All or nothing."""
        self.life.step()
        if self.failing:
            self.failing -= 1
            return Unknown(ConnectionError())
        told = self._take(event)
        self.life.step()
        if self.lost:
            self.lost -= 1
            return Unknown(TimeoutError())
        return told

    def _take(self, event: Event) -> Outcome:
        identity = event.payment, event.kind
        if identity in self.events:
            return Known() if self.events[identity] == event.digest() else Contradicts()
        state = self.state.get(event.payment)
        if not may_come(state, event.kind):
            return Contradicts()
        self.events[identity] = event.digest()
        if event.asked:
            self.payments[event.payment] = event.asked
        waiting = [kind for payment, kind in self.events if payment == event.payment and kind not in self._of(payment)]
        led = list(steps(state, waiting))
        for kind, reached in led:
            self._of(event.payment).append(kind)
            self.state[event.payment] = reached
        return Taken(len(led))

    def _of(self, payment: str) -> list[Kind]:
        return self.took.setdefault(payment, [])

    def find(self, payment: str) -> dict[str, Any] | None:
        """As a replica without a lag has it."""
        found = self.payments.get(payment)
        return {**found.fields(), "state": str(self.state[payment])} if found and payment in self.state else None


def desk(region: Region, ledger: MemoryLedger, chance: Callable[[int], str] | None = None) -> Desk:
    """The service over them."""
    numbers = iter(range(1, 10**6))
    return Desk(
        region=region.name,
        table=Table(region, "sessions", region.name, lambda: NOW),
        queue=Queue(region, "queue", region.name),
        uploads=Uploads(region, "uploads", region.name),
        book=ledger,
        chance=chance or (lambda size: f"{next(numbers):0{2 * size}x}"),
        names=lambda token: customer_of([IDENTITY_KEY], token, NOW),
        now=lambda: NOW,
    )


def ask(desk: Desk, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """One request, answered or raised; a header's underscores are hyphens."""
    found = find(method, path)
    assert found.route
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.answer(Request(found.route, found.parts, {"content-type": "application/json", **named}, body))
