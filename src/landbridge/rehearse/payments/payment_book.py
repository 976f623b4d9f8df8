"""Every payment customers asked for, kept outside both regions, and what each region's database made of it at the end.

A payment that was accepted must stand in every region's database as it was asked for, and have gone each step that the
payment network told of once and in order. One that nobody asked for was made twice under another id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.region import Region
from landbridge.rehearse.settled import Settled
from landbridge.workloads.payments.payment import Payment
from landbridge.workloads.payments.states import Kind

STATES = {(): "received", (Kind.AUTHORIZE,): "authorized", (Kind.AUTHORIZE, Kind.SETTLE): "settled"}


@dataclass(frozen=True, slots=True)
class Row:
    """A payment as a database has it, with the kinds of its events in the order they took."""

    payment: str
    customer: str
    amount: int
    currency: str
    state: str
    took: tuple[str, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Row":
        """As a query tells it."""
        return cls(
            **{name: told[name] for name in ("payment", "customer", "amount", "currency", "state")}, took=tuple(told["took"])
        )


@dataclass
class PaymentBook:
    """By the payment's id, which follows from customer and key, so it is known before anybody is asked."""

    asked: dict[str, Payment] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    told: dict[str, tuple[Kind, ...]] = field(default_factory=dict)  # what the network told of, each kind once

    def sent(self, payment: Payment) -> None:
        """It is asked for: whatever comes of it, it may stand somewhere from now on."""
        self.asked[payment.payment] = payment

    def promised(self, payment: str) -> None:
        """Its customer was told that it is accepted: it may not get lost."""
        self.accepted.add(payment)

    def settle(self, copies: Mapping[Region, Iterable[Row]], aside: tuple[str, ...]) -> Settled:
        """Held against each region's whole database; `aside` names what lies in queues where it helps nobody."""
        held = {region: {row.payment: row for row in rows} for region, rows in sorted(copies.items())}
        flaws = {"lost": self._lost(held), "doubled": self._doubled(held), "differing": self._differing(held), "set aside": aside}
        return Settled(None, "payments", len(self.accepted), flaws)

    def _lost(self, held: Mapping[Region, Mapping[str, Row]]) -> tuple[str, ...]:
        without = (
            (payment, [region for region, rows in held.items() if payment not in rows]) for payment in sorted(self.accepted)
        )
        return tuple(f"{payment} was accepted, and is not in {' or '.join(regions)}" for payment, regions in without if regions)

    def _doubled(self, held: Mapping[Region, Mapping[str, Row]]) -> tuple[str, ...]:
        rows = [(region, row) for region, those in held.items() for row in those.values()]
        strangers = [
            f"{row.payment} is in {region}, and nobody asked for it" for region, row in rows if row.payment not in self.asked
        ]
        again = [
            f"{row.payment} went {', '.join(row.took)} in {region}" for region, row in rows if len(set(row.took)) < len(row.took)
        ]
        return (*sorted(strangers), *sorted(again))

    def _differing(self, held: Mapping[Region, Mapping[str, Row]]) -> tuple[str, ...]:
        known = ((region, row) for region, rows in held.items() for row in rows.values() if row.payment in self.asked)
        return tuple(f"{row.payment} is in {region} as {row.state}: {why}" for region, row in known if (why := self._wrong(row)))

    def _wrong(self, row: Row) -> str:
        asked, told = self.asked[row.payment], self.told.get(row.payment, ())
        if (row.customer, row.amount, row.currency) != (asked.customer, asked.amount, asked.currency):
            return "another amount, currency or customer was asked for"
        if row.took != (Kind.RECEIVE, *told) or row.state != STATES[told]:
            return f"it should be {STATES[told]}, and took {', '.join(row.took)}"
        return ""
