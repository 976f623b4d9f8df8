"""The payments platform's plans over an imagined world: it grows, or one of its regions is taken out and brought back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from landbridge.config.expansion import Expansion
from landbridge.migrate.display import world
from landbridge.migrate.display.walk import Clock, Walk
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.evacuate import Evacuating, evacuate
from landbridge.migrate.plans.expand import Expanding, expand, there
from landbridge.model.metrics import DATABASE, SECRETS, SESSIONS, UPLOADS
from landbridge.model.region import Region

STORES = (SESSIONS, SECRETS, UPLOADS, DATABASE)


@dataclass(frozen=True)
class Events:
    """A queue that is empty."""

    def waiting(self) -> Mapping[str, int]:
        """Nothing."""
        return {}

    def set_aside(self) -> int:
        """None."""
        return 0


def walk(config: Expansion, stacks: tuple[str, ...], begins: float, out: Region | None) -> Walk:
    """The walk of one plan; the region that goes out, or none: then the platform grows."""
    made = partial(_growing, config, stacks) if out is None else partial(_leaving, config, out)
    return Walk(config.engine, config.engine.skew_bound_seconds, begins, made)


def _growing(config: Expansion, stacks: tuple[str, ...], tell: world.Tell, clock: Clock) -> Plan:
    pair, rows = there(config), ((DATABASE,) if config.verify.database else ())
    ports = Expanding(
        regions=world.Regions(),
        stacks=world.Stacks(tell, pair.target, stacks),
        replicators={store: world.Copy(tell, store, pair) for store in STORES},
        verifiers={store: world.Comparison(tell, store, clock) for store in (SESSIONS, *rows, UPLOADS)},
        traffic=world.Traffic(tell, config.platform.domain, pair.target),
        gate=world.Gate(),
    )
    return expand(config, ports, pair)


def _leaving(config: Expansion, out: Region, tell: world.Tell, clock: Clock) -> Plan:
    born = there(config)
    pair = born if out == born.source else born.swapped()
    rows = (DATABASE,) if config.verify.database and out == born.target else ()
    back = world.Traffic(tell, config.platform.domain, out, 0)
    gate = world.Gate()
    ports = Evacuating(
        stay=gate,
        leaving=replace(back, target=pair.target, weight=50),
        events=Events(),
        verifiers={store: world.Comparison(tell, store, clock) for store in (SESSIONS, *rows)},
        traffic=back,
        gate=gate,
    )
    return evacuate(config, ports, pair)
