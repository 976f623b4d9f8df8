"""Bugs planted one at a time. Each is a mistake somebody could make; the checker must find every one."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.model.pen import Domain
from tests.simulation.checker import violations
from tests.simulation.planted_journals import Eventual, LeaseBesideTheChain, Unconditional
from tests.simulation.planted_steps import (
    Eager,
    EarlyCopies,
    MasterOnly,
    ReopensBlindly,
    SameEpoch,
    TrustingCopies,
    TurnsRound,
    Unbarred,
    Unclocked,
    believing,
    opened_first,
    some_shards,
    turned_into,
)
from tests.simulation.run import simulate
from tests.simulation.variant import Variant
from tests.simulation.world.place import Bugs

TABLES = (Domain.STATE, Domain.COMMANDS)

PLANTED: Mapping[str, Variant] = {
    "captured before the drain": Variant(plan=believing(EarlyCopies, *TABLES)),
    "fence skipped": Variant(bugs=Bugs(fence_skipped=True)),
    "fences left open": Variant(bugs=Bugs(master_only=True), plan=turned_into(MasterOnly, Eager)),
    "act without a turn": Variant(bugs=Bugs(act_without_turn=True)),
    "reopened without barring": Variant(plan=turned_into(Unbarred, ReopensBlindly)),
    "revert not idempotent": Variant(plan=turned_into(TurnsRound)),
    "epoch ignored on open": Variant(plan=turned_into(SameEpoch)),
    "lease beside the chain": Variant(journal=LeaseBesideTheChain),
    "journal without a condition": Variant(store=Unconditional),
    "lock on an eventually consistent table": Variant(store=Eventual),
    "transform on in both regions": Variant(bugs=Bugs(both_transform=True)),
    "replicator into the live stream": Variant(bugs=Bugs(into_live=True)),
    "identity by position": Variant(bugs=Bugs(by_position=True)),
    "newest value without a condition": Variant(bugs=Bugs(newest_blindly=True)),
    "regional queue for commands": Variant(bugs=Bugs(regional_queue=True)),
    "pivot before the switchover": Variant(plan=opened_first),
    "opened before the skew bound": Variant(plan=turned_into(Unclocked, Eager), skew=1.9),
    "delete instead of tombstone": Variant(bugs=Bugs(deletes=True)),
    "gate that passes on no data": Variant(plan=believing(TrustingCopies, *Domain)),
    "markers from some shards only": Variant(plan=some_shards),
    "forwarding loop": Variant(bugs=Bugs(forwarded_again=True)),
}
ENOUGH = 1000  # schedules within which a planted bug must show


@dataclass(frozen=True)
class Found:
    """The first schedule in which a planted bug showed, and how."""

    seed: int
    sentence: str


def first_found(name: str) -> Found | None:
    """None = it never showed."""
    for seed in range(ENOUGH):
        if found := violations(simulate(seed, PLANTED[name])):
            return Found(seed, found[0])
    return None
