"""Everything that is kept of customers outside both regions, and at the end held against each region that stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from landbridge.rehearse.payments.border_book import BorderBook
from landbridge.rehearse.payments.copies import Copies
from landbridge.rehearse.payments.payment_book import PaymentBook
from landbridge.rehearse.payments.session_book import SessionBook
from landbridge.rehearse.payments.upload_book import UploadBook
from landbridge.rehearse.settled import Settled


@dataclass(frozen=True)
class Books:
    """A book for each kind of thing that was promised, and the keys payments were asked for under."""

    border: BorderBook
    payments: PaymentBook = field(default_factory=PaymentBook)
    sessions: SessionBook = field(default_factory=SessionBook)
    uploads: UploadBook = field(default_factory=UploadBook)
    keys: dict[str, str] = field(default_factory=dict)

    def settle(self, copies: Copies) -> tuple[Settled, ...]:
        """As the regions stand now."""
        return (
            self.payments.settle(copies.payments(), copies.aside()),
            self.sessions.settle(copies.sessions()),
            self.uploads.settle(copies.stage.regions, copies.uploads()),
            self.border.settle(copies.stage.standing()),
        )


def blocked_in(told: Mapping[str, str]) -> frozenset[str]:
    """The countries a region's answers turn away."""
    return frozenset(told["firewall.BlockedCountries"].split(","))
