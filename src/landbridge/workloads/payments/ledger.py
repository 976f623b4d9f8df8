"""What becomes of an event, as the ledger tells it; and what a ledger promises."""

from dataclasses import dataclass
from typing import Protocol

from landbridge.workloads.payments.event import Event


@dataclass(frozen=True, slots=True)
class Taken:
    """It is in the ledger now, for good; so many events took effect by it, none where it came before its turn."""

    steps: int


@dataclass(frozen=True, slots=True)
class Known:
    """It was there already: nothing changed."""


@dataclass(frozen=True, slots=True)
class Contradicts:
    """It can never take effect, or is another event under a known identity: nothing changed, and a person must look."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost, or there was none: it may be in the ledger or not, and is safe to bring again."""

    failed: Exception


Outcome = Taken | Known | Contradicts | Unknown


class Ledger(Protocol):
    """Where payments are kept."""

    def take(self, event: Event) -> Outcome:
        """One transaction, safe to repeat; never raises for what the database does."""
