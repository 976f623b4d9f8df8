"""The trading platform leaves its source region: which steps, in which order, with which limits."""

from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.spec import Trading
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.gate import Gate
from landbridge.migrate.pens import Pens, StateCopies
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.steps.add_route import AddRoute
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.close_target import CloseTarget
from landbridge.migrate.steps.connect_apis import ConnectApis, PeerApis
from landbridge.migrate.steps.deploy_target import DeployTarget, Stacks
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.prove_copy import ProveCopy
from landbridge.migrate.steps.prove_reverse import ProveReverse
from landbridge.migrate.steps.reach_regions import ReachRegions, Regions
from landbridge.migrate.steps.replicate_store import ReplicateStore
from landbridge.migrate.steps.shift_reads import ShiftReads
from landbridge.migrate.steps.start_target import StartTarget, Writers
from landbridge.migrate.steps.verify_store import VerifyStore
from landbridge.migrate.steps.warm_target import WarmTarget
from landbridge.model.pen import Domain
from landbridge.model.region import Pair, Region
from landbridge.replicate.port import Replicator
from landbridge.traffic.port import Traffic
from landbridge.verify.port import Verifier

COMPARISON = "verify_store.state"
LONGEST_WRITE = timedelta(seconds=25 + 5)  # a write function's timeout, and what clocks may differ by


@dataclass(frozen=True)
class Ports:
    """Everything the plan moves the world with."""

    regions: Regions
    stacks: Stacks
    peers: PeerApis
    replicator: Replicator
    verifier: Verifier
    traffic: Traffic
    gate: Gate
    pens: Pens
    copies: StateCopies
    writers: Writers


def there(config: Trading) -> Pair[Region]:
    """From where to where the configuration moves the platform."""
    return Pair(Region(config.platform.source), Region(config.platform.target))


def trading(config: Trading, ports: Ports, pair: Pair[Region]) -> Plan:
    """The plan; its sentences are what an operator approves."""
    need = config.approvals
    return Plan(
        f"trading {pair.source} to {pair.target}",
        (
            Phase("preflight", (reach(config, ports, pair),), need.preflight),
            Phase("foundation", _foundation(ports, pair), need.foundation),
            Phase("replicate", (_replicate(config, ports),), need.replicate),
            Phase("verify", (verify(config, ports),), need.verify),
            Phase("shift", _shift(config, ports), need.shift),
            Phase("cutover", cutover(config, ports, pair), need.cutover),
        ),
        Calendar(config.calendar),
    )


def reach(config: Trading, ports: Ports, pair: Pair[Region]) -> ReachRegions:
    """Nothing in the way, and clocks that agree."""
    return ReachRegions(pair.source, pair.target, ports.regions, _seconds(config.pens.skew_bound_seconds))


def _replicate(config: Trading, ports: Ports) -> ReplicateStore:
    return ReplicateStore("state", ports.replicator, _seconds(config.gate.max_lag_seconds))


def _foundation(ports: Ports, pair: Pair[Region]) -> tuple[DeployTarget, CloseTarget, ConnectApis]:
    return (
        DeployTarget(pair.target, ports.stacks),
        CloseTarget(Domain.STATE, pair.target, ports.pens),
        ConnectApis(pair.source, pair.target, ports.peers),
    )


def verify(config: Trading, ports: Ports) -> VerifyStore:
    """Both copies equal, key by key."""
    return VerifyStore("state", ports.verifier, _seconds(config.verification.expires_seconds))


def shares(config: Trading, ports: Ports) -> tuple[ShiftReads, ...]:
    """The weights of the configuration, one step each."""
    bake, patience = _seconds(config.shift.bake_seconds), _seconds(config.engine.patience_seconds)
    return tuple(ShiftReads(percent, ports.traffic, ports.gate, bake, patience, COMPARISON) for percent in config.shift.weights)


def _shift(config: Trading, ports: Ports) -> tuple[WarmTarget | AddRoute | ShiftReads, ...]:
    drain = _seconds(2 * config.shift.record_ttl_seconds)
    return (WarmTarget(ports.gate, COMPARISON), AddRoute(ports.traffic, drain), *shares(config, ports))


def cutover(
    config: Trading, ports: Ports, pair: Pair[Region]
) -> tuple[ProveReverse, CloseSource, ProveCopy, OpenTarget, StartTarget]:
    """The pen's move from one region to the other."""
    budget, skew_bound = _seconds(config.pens.budget_seconds), _seconds(config.pens.skew_bound_seconds)
    return (
        ProveReverse(pair.source, pair.target, ports.copies),
        CloseSource(Domain.STATE, pair.source, pair.target, ports.pens),
        ProveCopy(pair.source, pair.target, ports.pens, ports.copies, COMPARISON, LONGEST_WRITE, budget),
        OpenTarget(Domain.STATE, pair.source, pair.target, ports.pens, ports.regions, skew_bound, budget),
        StartTarget(pair.source, pair.target, ports.writers, ports.copies),
    )


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
