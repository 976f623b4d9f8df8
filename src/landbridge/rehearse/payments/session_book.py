"""Every session that was begun, kept outside both regions; at the end it must be known in each region that serves."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from landbridge.model.region import Region
from landbridge.rehearse.settled import Settled


@dataclass
class SessionBook:
    """By the hash under which a table keeps a session; the token itself is nobody else's business."""

    begun: dict[str, str] = field(default_factory=dict)

    def began(self, customer: str, token: str) -> None:
        """A customer has a session."""
        self.begun[kept_under(token)] = customer

    def settle(self, copies: Mapping[Region, Mapping[str, str]]) -> Settled:
        """Held against each region's table, which tells a customer by each session."""
        flaws = {"lost": self._lost(copies), "differing": self._differing(copies)}
        return Settled(None, "sessions", len(self.begun), flaws)

    def _lost(self, copies: Mapping[Region, Collection[str]]) -> tuple[str, ...]:
        without = ((key, [region for region, held in sorted(copies.items()) if key not in held]) for key in sorted(self.begun))
        return tuple(f"a session of {self.begun[key]} is not in {' or '.join(regions)}" for key, regions in without if regions)

    def _differing(self, copies: Mapping[Region, Mapping[str, str]]) -> tuple[str, ...]:
        return tuple(
            f"a session of {customer} is {held[key]}'s in {region}"
            for region, held in sorted(copies.items())
            for key, customer in sorted(self.begun.items())
            if held.get(key, customer) != customer
        )


def kept_under(token: str) -> str:
    """The key of a session in the table."""
    return f"session#{hashlib.sha256(token.encode()).hexdigest()}"
