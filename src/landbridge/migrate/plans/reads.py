"""What every plan that moves reads has in common: stores copied and compared, then a region warmed and given its share."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from landbridge.config.spec import Engine, Gate, Shares, Verification
from landbridge.migrate import gate
from landbridge.migrate.steps.add_route import AddRoute
from landbridge.migrate.steps.replicate_store import ReplicateStore
from landbridge.migrate.steps.shift_reads import ShiftReads
from landbridge.migrate.steps.verify_store import VerifyStore
from landbridge.migrate.steps.warm_target import WarmTarget
from landbridge.replicate.port import Replicator
from landbridge.traffic.port import Traffic
from landbridge.verify.port import Verifier


class Paced(Protocol):
    """The limits of a platform's file."""

    @property
    def gate(self) -> Gate:
        """When a region is good enough."""

    @property
    def shift(self) -> Shares:
        """How a share moves."""

    @property
    def engine(self) -> Engine:
        """How long it waits."""

    @property
    def verification(self) -> Verification:
        """How long a comparison counts."""


class Served(Protocol):
    """What a region is judged and reached by."""

    @property
    def verifiers(self) -> Mapping[str, Verifier]:
        """Of each store that is compared."""

    @property
    def traffic(self) -> Traffic:
        """The weighted records."""

    @property
    def gate(self) -> gate.Gate:
        """Judges the target."""


def replicate(config: Paced, replicators: Mapping[str, Replicator]) -> tuple[ReplicateStore, ...]:
    """A copy of each store, within the limit of its kind."""
    limits = config.gate
    return tuple(ReplicateStore(store, copy, _seconds(limits.most_lag(store))) for store, copy in replicators.items())


def verify(config: Paced, ports: Served) -> tuple[VerifyStore, ...]:
    """Both copies of every store equal, key by key."""
    expires = _seconds(config.verification.expires_seconds)
    return tuple(VerifyStore(store, verifier, expires) for store, verifier in ports.verifiers.items())


def shares(config: Paced, ports: Served, weights: tuple[int, ...] | None = None) -> tuple[ShiftReads, ...]:
    """One step each; without other weights those of the configuration."""
    bake, patience = _seconds(config.shift.bake_seconds), _seconds(config.engine.patience_seconds)
    stores, asked = tuple(ports.verifiers), config.shift.weights if weights is None else weights
    return tuple(ShiftReads(percent, ports.traffic, ports.gate, bake, patience, stores) for percent in asked)


def warm(ports: Served) -> WarmTarget:
    """No reader meets a cold function."""
    return WarmTarget(ports.gate, tuple(ports.verifiers))


def shift(config: Paced, ports: Served) -> tuple[WarmTarget | AddRoute | ShiftReads, ...]:
    """Warmed, then named, then given its share."""
    drain = _seconds(2 * config.shift.record_ttl_seconds)
    return (warm(ports), AddRoute(ports.traffic, drain), *shares(config, ports))


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
