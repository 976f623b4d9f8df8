"""Looks at the world every half second, as a bystander: the journal, the name's weights, and how far the replica is behind."""

from collections.abc import Callable
from dataclasses import dataclass, field

from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.measure import Lag
from landbridge.rehearse.watch import Following


@dataclass
class Watch(Following):
    """Of a payments migration; the share is always that of the region the platform grows into."""

    migration: PaymentsMigration = field(kw_only=True)

    def looks(self) -> tuple[Callable[[], None], ...]:
        """All of them."""
        return self._weights, self._lag

    def _weights(self) -> None:
        share = float(self.migration.traffic.percent() or 0)
        self.percent = share if self.migration.back.target == self.migration.born.target else 100 - share
        self.timeline.weight(self.percent)

    def _lag(self) -> None:
        lag: Lag | None = self.migration.stores.database.lag()
        self.lag = lag.total_seconds() if lag is not None else None
        self.timeline.lag(self.lag)
