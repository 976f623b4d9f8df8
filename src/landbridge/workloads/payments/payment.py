"""A payment as its customer asks for it: money in whole minor units, and of the card a token and its last four digits."""

import hashlib
from dataclasses import asdict, dataclass, field

from landbridge.workloads.payments.checking import Fields, one_of, whole, word

MOST = 999_999_999_999  # minor units
CURRENCIES = ("AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "JPY", "NOK", "NZD", "PLN", "SEK", "SGD", "USD")
CUSTOMER, KEY = r"[A-Za-z0-9_-]{1,64}", r"[!-~]{1,64}"
TOKEN = r"tok_(?![0-9]+$)[A-Za-z0-9]{8,64}"  # noqa: S105 - a pattern; a card's number does not fit it
LAST_FOUR = r"[0-9]{4}"
PAYMENT = r"p-[0-9a-f]{32}"
ASKED = ("amount", "currency", "token", "last_four")


@dataclass(frozen=True, slots=True)
class Payment:
    """What is to be paid, by whose card, for whom."""

    payment: str
    customer: str
    amount: int
    currency: str
    token: str = field(repr=False)
    last_four: str

    def fields(self) -> dict[str, str | int]:
        """All of it, as JSON takes it."""
        return asdict(self)


def payment_id(customer: str, key: str) -> str:
    """The id of the one payment a customer can make under a key, whichever region is asked, and however often."""
    told = f"{customer}\n{key}".encode()  # neither holds a line's end
    return f"p-{hashlib.sha256(told).hexdigest()[:32]}"


def checked(found: Fields, payment: str, customer: str) -> Payment:
    """The payment these fields ask for."""
    return Payment(
        payment,
        customer,
        whole(found, "amount", MOST, f"send a whole number of minor units (cents) from 1 to {MOST}"),
        one_of(found, "currency", CURRENCIES),
        word(found, "token", TOKEN, "send the card's token, tok_ and 8 to 64 letters and digits; never its number"),
        word(found, "last_four", LAST_FOUR, "send the card's last four digits"),
    )
