"""Back again: the same moves with source and target swapped. Nothing is deployed or copied anew, for it all still stands.

`source` here is the side the platform leaves now, which is the target it once moved to.
"""

from landbridge.config.spec import Trading
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.cutover import cutover
from landbridge.migrate.plans.reads import shares, verify, warm
from landbridge.migrate.plans.trading import Ports, reach
from landbridge.model.region import Pair, Region


def failback(config: Trading, ports: Ports, regions: Pair[Region]) -> Plan:
    """The plan over ports that are swapped already."""
    need = config.approvals
    return Plan(
        f"failback {regions.source} to {regions.target}",
        (
            Phase("preflight", (reach(config, ports, regions),), need.preflight),
            Phase("verify", verify(config, ports), need.verify),
            Phase("shift", (warm(ports), *shares(config, ports)), need.shift),
            *cutover(config, ports.movers, ports.regions, regions, back=True),
        ),
        Calendar(config.calendar),
    )
