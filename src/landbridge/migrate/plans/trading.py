"""The trading platform leaves its source region: which steps, in which order, with which limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.spec import Trading
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.gate import Gate
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.cutover import Movers, cutover
from landbridge.migrate.plans.reads import replicate, shift, verify
from landbridge.migrate.steps.adopt_source import AdoptSource
from landbridge.migrate.steps.close_target import CloseTarget
from landbridge.migrate.steps.connect_apis import ConnectApis, PeerApis
from landbridge.migrate.steps.deploy_target import DeployTarget, Stacks
from landbridge.migrate.steps.reach_regions import ReachRegions, Regions
from landbridge.migrate.takeover import Takeover
from landbridge.model.measure import Survey
from landbridge.model.region import Pair, Region
from landbridge.replicate.port import Replicator
from landbridge.traffic.port import Traffic
from landbridge.verify.port import Verifier


@dataclass(frozen=True)
class Ports:
    """Everything the plan moves the world with. What a platform does not bring, its plan does not have."""

    regions: Regions
    stacks: Stacks
    peers: PeerApis
    replicators: Mapping[str, Replicator]  # of each store
    verifiers: Mapping[str, Verifier]
    traffic: Traffic
    gate: Gate
    movers: Movers
    surveys: tuple[Callable[[], Survey], ...] = ()  # what each store holds, before anything begins
    estate: Takeover | None = None  # what runs at the source; None = it was born from our own stacks


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
            *_adopt(config, ports, pair),
            Phase("foundation", _foundation(ports, pair), need.foundation),
            Phase("replicate", replicate(config, ports.replicators), need.replicate),
            Phase("verify", verify(config, ports), need.verify),
            Phase("shift", shift(config, ports), need.shift),
            *cutover(config, ports.movers, ports.regions, pair),
        ),
        Calendar(config.calendar),
    )


def reach(config: Trading, ports: Ports, pair: Pair[Region]) -> ReachRegions:
    """Nothing in the way, and clocks that agree."""
    left = tuple(f"{what} objects are {decided}" for what, decided in config.preflight.leaves.items())
    return ReachRegions(pair.source, pair.target, ports.regions, _seconds(config.pens.skew_bound_seconds), ports.surveys, left)


def _adopt(config: Trading, ports: Ports, pair: Pair[Region]) -> tuple[Phase, ...]:
    return (Phase("adopt", (AdoptSource(pair.source, ports.estate),), config.approvals.adopt),) if ports.estate else ()


def _foundation(ports: Ports, pair: Pair[Region]) -> tuple[DeployTarget | CloseTarget | ConnectApis, ...]:
    movers = ports.movers
    return (
        DeployTarget(pair.target, ports.stacks),
        *(CloseTarget(domain, pair.source, pair.target, movers.pens) for domain in movers.domains),
        ConnectApis(pair.source, pair.target, ports.peers),
    )


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
