"""What each route answers. Pure over its ports; whatever it answers twice for the same idempotency key is the same.

A payment is kept under its key first, then put on the queue: whoever dies in between leaves nothing half done, because
the same key brings both again, and the ledger counts an event once however often it is put.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from landbridge.workloads.payments.api.answer import Answer, TurnedAway
from landbridge.workloads.payments.api.request import CHALLENGE, Request, missing
from landbridge.workloads.payments.api.stores import GRANT_SECONDS, Queue, Table, Uploads
from landbridge.workloads.payments.checking import one_of, whole
from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.payment import ASKED, PAYMENT, Payment, checked, payment_id
from landbridge.workloads.payments.states import State

KINDS = ("application/pdf", "image/jpeg", "image/png", "text/csv")
MOST_BYTES = 10 * 1024 * 1024
UPLOAD = r"u-[0-9a-f]{32}"
NOBODY = "authorization: no token of who signs customers in, or it has run out; sign in there and send what it gives as Bearer"
NO_SESSION = (
    "authorization: this session is unknown here or has ended; begin another with POST /session, "
    "or ask again in a second when it began in another region"
)
OTHER = "idempotency-key: another payment was asked for under this key; send that one again, or take a new key"


class Book(Protocol):
    """Payments as the database has them."""

    def find(self, payment: str) -> Mapping[str, Any] | None:
        """The payment as it stands; None = it has not come that far."""


class Desk:
    """One region's service."""

    def __init__(
        self,
        *,
        region: str,
        table: Table,
        queue: Queue,
        uploads: Uploads,
        book: Book,
        chance: Callable[[int], str],
        names: Callable[[str], str | None],
        now: Callable[[], float],
    ) -> None:
        self.region, self._names, self._now = region, names, now  # names: whom a token names; None = nobody
        self._table, self._queue, self._uploads, self._book, self._chance = table, queue, uploads, book, chance
        self._answers: Mapping[str, Callable[[Request], Answer]] = {
            "Health": self._health,
            "Begin": self._begin,
            "Seen": self._seen,
            "End": self._end,
            "Pay": self._pay,
            "Payment": self._payment,
            "Upload": self._upload,
            "Uploaded": self._uploaded,
        }

    def answer(self, request: Request) -> Answer:
        """The answer; may raise TurnedAway, BadInput, Unreachable and whatever the book raises."""
        return self._answers[request.route.name](request)

    def _health(self, _request: Request) -> Answer:
        """That this task answers, and no more: a database that is away is no reason to end every task."""
        return Answer(200, {"region": self.region, "now": self._now()})

    def _begin(self, request: Request) -> Answer:
        customer = self._names(request.bearer(NOBODY))
        if customer is None:
            raise TurnedAway(401, NOBODY, CHALLENGE)
        token = self._chance(32)
        return Answer(201, {"session": token, "customer": customer, "expires": self._table.begin(token, customer)})

    def _seen(self, request: Request) -> Answer:
        customer, expires = self._known(request)
        return Answer(200, {"customer": customer, "expires": expires})

    def _end(self, request: Request) -> Answer:
        self._known(request)
        self._table.end(request.bearer())
        return Answer(204, None)

    def _pay(self, request: Request) -> Answer:
        customer, _ = self._known(request)
        asked = checked(request.fields(*ASKED), payment_id(customer, request.key()), customer)
        first = Event.first(asked)
        if not self._table.accept(first):
            raise TurnedAway(409, OTHER)
        self._queue.put(first)
        return Answer(202, _told(asked.fields(), State.RECEIVED), {"location": f"/payments/{asked.payment}"})

    def _payment(self, request: Request) -> Answer:
        customer, _ = self._known(request)
        payment = request.part("payment", PAYMENT)
        found = self._book.find(payment) or _as_accepted(self._table.accepted(payment))
        if not found or found["customer"] != customer:
            raise missing("payment")
        return Answer(200, _told(found, State(found["state"])))

    def _upload(self, request: Request) -> Answer:
        customer, _ = self._known(request)
        found = request.fields("type", "bytes")
        kind = one_of(found, "type", KINDS)
        size = whole(found, "bytes", MOST_BYTES, f"send the file's size, from 1 to {MOST_BYTES} bytes")
        upload = f"u-{self._chance(16)}"
        headers = {"content-type": kind, "content-length": str(size)}
        put = {"url": self._uploads.grant(customer, upload, kind, size), "headers": headers, "seconds": GRANT_SECONDS}
        return Answer(201, {"upload": upload, "put": put}, {"location": f"/uploads/{upload}"})

    def _uploaded(self, request: Request) -> Answer:
        customer, _ = self._known(request)
        upload = request.part("upload", UPLOAD)
        found = self._uploads.fetch(customer, upload)
        if found is None:
            raise missing("upload")
        url, kind, size = found
        return Answer(200, {"upload": upload, "type": kind, "bytes": size, "url": url, "seconds": GRANT_SECONDS})

    def _known(self, request: Request) -> tuple[str, int]:
        """Whose session the request was sent in, and until when it lasts."""
        found = self._table.customer(request.bearer())
        if found is None:
            raise TurnedAway(401, NO_SESSION, CHALLENGE)
        return found


def _as_accepted(asked: Payment | None) -> Mapping[str, Any] | None:
    return {**asked.fields(), "state": State.RECEIVED} if asked else None


def _told(found: Mapping[str, Any], state: State) -> dict[str, Any]:
    return {
        "payment": found["payment"],
        "state": str(state),
        **{name: found[name] for name in ("amount", "currency", "last_four")},
    }
