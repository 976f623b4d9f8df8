"""A platform grows into a second region: deployed, copied, compared, then opened to its share of the clients.

Nothing is handed over: the source keeps its share and the database's writer, so an abort puts everything back at any moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.expansion import Expansion
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.gate import Gate
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.reads import replicate, shift, verify
from landbridge.migrate.steps.deploy_target import DeployTarget, Stacks
from landbridge.migrate.steps.reach_regions import ReachRegions, Regions
from landbridge.model.region import Pair, Region
from landbridge.replicate.port import Replicator
from landbridge.traffic.port import Traffic
from landbridge.verify.port import Verifier


@dataclass(frozen=True)
class Expanding:
    """Everything the plan moves the world with."""

    regions: Regions
    stacks: Stacks
    replicators: Mapping[str, Replicator]  # of each store
    verifiers: Mapping[str, Verifier]
    traffic: Traffic
    gate: Gate


def there(config: Expansion) -> Pair[Region]:
    """From which region the platform grows into which."""
    return Pair(Region(config.platform.source), Region(config.platform.target))


def expand(config: Expansion, ports: Expanding, pair: Pair[Region]) -> Plan:
    """The plan; its sentences are what an operator approves."""
    need, skew = config.approvals, timedelta(seconds=config.engine.skew_bound_seconds)
    return Plan(
        f"expand {pair.source} to {pair.target}",
        (
            Phase("preflight", (ReachRegions(pair.source, pair.target, ports.regions, skew),), need.preflight),
            Phase("foundation", (DeployTarget(pair.target, ports.stacks),), need.foundation),
            Phase("replicate", replicate(config, ports.replicators), need.replicate),
            Phase("verify", verify(config, ports), need.verify),
            Phase("shift", shift(config, ports), need.shift),
        ),
        Calendar(config.calendar),
    )
