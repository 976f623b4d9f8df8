"""A region that holds pens is gone: the other one takes them, by the word of two people who accept what may be lost.

First the pens, users' before the market's and the database's; nothing there waits for the lost region. Then, when it
answers again, it is closed, what its late copies covered is put back, and what the seizure cost is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.spec import Trading
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.cutover import Market, Movers
from landbridge.migrate.step import Step
from landbridge.migrate.steps.close_lost import CloseLost
from landbridge.migrate.steps.confirm_loss import ConfirmLoss
from landbridge.migrate.steps.count_loss import CountLoss, Losses
from landbridge.migrate.steps.fail_over_database import Failover, FailOverDatabase
from landbridge.migrate.steps.restore_overwritten import RestoreOverwritten, Survivors
from landbridge.migrate.steps.seize_pen import SeizePen
from landbridge.migrate.steps.send_reads import SendReads
from landbridge.migrate.steps.start_target import StartTarget
from landbridge.migrate.steps.take_market import TakeMarket
from landbridge.model.pen import Domain
from landbridge.model.region import Region
from landbridge.traffic.port import Traffic

ORDER = (Domain.STATE, Domain.COMMANDS, Domain.MARKET, Domain.EFFECTS)  # users wait for the first two
SEIZE, FIRST_CONTACT = "seize", "first_contact"


@dataclass(frozen=True)
class Seizing:
    """What pens are seized with. Traffic's target is the region that stays."""

    movers: Movers
    traffic: Traffic
    survivors: Mapping[Domain, Survivors]  # of the domains whose copies can cover one another
    losses: Mapping[Domain, Losses]
    database: Failover | None = None

    @property
    def domains(self) -> tuple[Domain, ...]:
        """What is seized, in order."""
        return tuple(domain for domain in ORDER if domain in self.movers.domains)


def seize(config: Trading, ports: Seizing, lost: Region, stays: Region) -> Plan:
    """The plan. No calendar holds it: it begins when a region is lost."""
    acts = tuple(_pens(config, ports, lost, stays))
    silence, until = _seconds(config.seize.silence_seconds), tuple(step.name for step in acts)
    taken = (
        ConfirmLoss(lost, ports.movers.pens, ports.domains, silence, until),
        *acts,
        *(StartTarget(domain, stays, (stays,), ports.movers.marks[domain]) for domain in ports.domains),
        SendReads(stays, ports.traffic),
    )
    contact = tuple(_contact(config, ports, lost, stays))
    return Plan(f"seize {lost} for {stays}", (Phase(SEIZE, taken, config.approvals.seize), Phase(FIRST_CONTACT, contact)))


def _pens(config: Trading, ports: Seizing, lost: Region, stays: Region) -> Iterator[Step]:
    for domain in ports.domains:
        if domain is Domain.EFFECTS:
            yield _fail_over(ports.database, stays)
        yield SeizePen(domain, lost, stays, ports.movers.pens)
        if domain is Domain.MARKET:
            yield _take_market(config, ports.movers.market, stays, lost)


def _fail_over(database: Failover | None, stays: Region) -> FailOverDatabase:
    if database is None:
        raise ValueError("effects are seized with their database")
    return FailOverDatabase(stays, database)


def _take_market(config: Trading, market: Market | None, stays: Region, lost: Region) -> TakeMarket:
    if market is None:
        raise ValueError("the market is seized with its feeds and mappings")
    return TakeMarket(lost, stays, market.feeds, market.mappings, timedelta(hours=config.seize.read_back_hours))


def _contact(config: Trading, ports: Seizing, lost: Region, stays: Region) -> Iterator[Step]:
    pens, marks, settle = ports.movers.pens, ports.movers.marks, _seconds(config.seize.settle_seconds)
    for domain in ports.domains:
        yield CloseLost(domain, lost, pens)
    for domain in ports.domains:
        if domain in ports.survivors:
            yield RestoreOverwritten(domain, lost, stays, pens, marks[domain], ports.survivors[domain], settle)
        yield CountLoss(domain, lost, stays, pens, ports.losses[domain])


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
