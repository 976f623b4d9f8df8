"""A region is taken out of service and brought back, while the other one serves everybody.

The database's writer stays where it is: moving it can't be undone, so that is a decision of people (decision 96). What the
region that goes out accepted is worked off before it counts as out; a region that is silent is waited for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.expansion import Expansion
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.gate import Gate
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.reads import shares, verify, warm
from landbridge.migrate.steps.confirm_stay import ConfirmStay
from landbridge.migrate.steps.drain_events import DrainEvents, Events
from landbridge.migrate.steps.send_reads import ALL, SendReads
from landbridge.model.region import Pair, Region
from landbridge.traffic.port import Traffic
from landbridge.verify.port import Verifier


@dataclass(frozen=True)
class Evacuating:
    """Everything the plan moves the world with. But for the first two, the target is the region that comes back."""

    stay: Gate  # judges the region that stays, alone
    leaving: Traffic  # its target is the region that stays
    events: Events  # of the region that goes out
    verifiers: Mapping[str, Verifier]
    traffic: Traffic
    gate: Gate


def evacuate(config: Expansion, ports: Evacuating, pair: Pair[Region]) -> Plan:
    """The plan, from the region that goes out to the one that stays. No calendar holds it up until clients come back."""
    out, stays = pair
    share = config.shift.share if out == config.platform.target else ALL - config.shift.share
    need, patience = config.approvals, timedelta(seconds=config.engine.patience_seconds)
    back = (warm(ports), *shares(config, ports, config.shift.back_to(share)))
    sent = SendReads(stays, ports.leaving, tuple(step.name for step in back))
    drained = timedelta(seconds=2 * config.shift.record_ttl_seconds)
    quiet = timedelta(seconds=config.evacuate.quiet_seconds)
    return Plan(
        f"evacuate {out}",
        (
            Phase("preflight", (ConfirmStay(stays, ports.stay, patience),), need.preflight),
            Phase("out", (sent, DrainEvents(out, ports.events, drained, quiet, sent.name)), need.out),
            Phase("verify", verify(config, ports), need.verify),
            Phase("back", back, need.back),
        ),
        Calendar(config.calendar),
    )
