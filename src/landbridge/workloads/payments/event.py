"""An event of a payment as the queue carries it. (payment, kind) is its identity: the same one twice counts once."""

import hashlib
import json
from dataclasses import dataclass

from landbridge.workloads.payments.checking import fields, one_of, only, word
from landbridge.workloads.payments.payment import ASKED, CUSTOMER, PAYMENT, Payment, checked
from landbridge.workloads.payments.states import Kind

REFERENCE = r"[!-~]{1,64}"  # the payment network's own; kept by its digest alone
RECEIVE = ("payment", "kind", "customer", *ASKED)
LATER = ("payment", "kind", "reference")


@dataclass(frozen=True, slots=True)
class Event:
    """One event: the first of a payment brings the payment, each later one the network's reference."""

    payment: str
    kind: Kind
    asked: Payment | None = None
    reference: str = ""

    @classmethod
    def first(cls, asked: Payment) -> "Event":
        """That a payment was received."""
        return cls(asked.payment, Kind.RECEIVE, asked)

    def text(self) -> str:
        """As the queue carries it; the same event is the same text."""
        told = self.asked.fields() if self.asked else {"payment": self.payment, "reference": self.reference}
        return json.dumps({"kind": self.kind, **told}, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """By which the same event is known again, and another one under its identity told apart."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def event(text: str) -> Event:
    """The event a text holds; refused in a sentence when it can't be used."""
    found = fields(text)
    kind = Kind(one_of(found, "kind", tuple(Kind)))
    only(found, RECEIVE if kind is Kind.RECEIVE else LATER)
    payment = word(found, "payment", PAYMENT, "send p- and 32 hexadecimal digits")
    if kind is not Kind.RECEIVE:
        return Event(
            payment, kind, reference=word(found, "reference", REFERENCE, "send the network's reference, 1 to 64 characters")
        )
    customer = word(found, "customer", CUSTOMER, "send 1 to 64 of A-Z a-z 0-9 _ -")
    return Event.first(checked(found, payment, customer))
