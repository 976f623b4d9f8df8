"""One shift of reads, by the product's own engine, steps and gate, over a world that a seed draws."""

from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.spec import Trading
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.gate import USER_PERIODS
from landbridge.migrate.journal import Journal
from landbridge.migrate.measured_gate import MeasuredGate
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.record import Kind as RecordKind
from landbridge.migrate.steps.add_route import AddRoute
from landbridge.migrate.steps.shift_reads import ShiftReads
from landbridge.migrate.steps.verify_store import VerifyStore
from landbridge.model.region import Pair
from landbridge.traffic.port import Probes
from landbridge.traffic.window import Window
from tests.fake_regions import FakeVerifier
from tests.fakes import FakeJournalStore
from tests.simulation.gate_world import GateWorld, SimulatedCopy, SimulatedProbes, SimulatedTraffic, SimulatedUsers
from tests.simulation.regressions import Regression

HELD = "held"


@dataclass(frozen=True, slots=True)
class Shifted:
    """How a shift ended, the highest weight there was, and how long the regression was there by then."""

    outcome: str
    why: str
    highest: int
    hours: float
    noticed_after: float

    @property
    def stopped(self) -> bool:
        """Reads went home, and never more than a twentieth of them had been sent out."""
        return self.outcome == "rolled back" and self.highest <= 5


def shift(seed: int, regression: Regression | None, config: Trading) -> Shifted:
    """Runs one to its end, or to where a person is needed."""
    world = GateWorld(config, seed, regression)
    traffic = SimulatedTraffic(world=world)
    store = FakeJournalStore()
    journal = Journal(store, "engine", world.clock, config.engine.lease_seconds, config.pens.skew_bound_seconds)
    engine = Engine(_plan(world, traffic), journal)
    while (tick := engine.advance()) not in {Tick.ENDED, Tick.HELD}:
        if tick is Tick.WAITING:
            world.clock.sleep(config.engine.tick_seconds)
    last = store.kept[-1]
    outcome = str(last.data["outcome"]) if last.kind is RecordKind.ENDED else HELD
    took = world.clock() - world.began
    return Shifted(outcome, last.why, max(traffic.sent), took / 3600, world.clock() - world.onset)


def _plan(world: GateWorld, traffic: SimulatedTraffic) -> Plan:
    """The shift as the trading plan has it, without its warming: what is wrong from the start must be noticed later too."""
    config, seconds = world.config, timedelta(seconds=1)
    verify = VerifyStore("state", FakeVerifier(world.clock), config.verification.expires_seconds * seconds)
    bake, patience = config.shift.bake_seconds * seconds, config.engine.patience_seconds * seconds
    gate = _gate(world, traffic)
    shares = (ShiftReads(percent, traffic, gate, bake, patience, (verify.store,)) for percent in config.shift.weights)
    route = AddRoute(traffic, timedelta(0))
    return Plan("shift", (Phase("verify", (verify,)), Phase("shift", (route, *shares))))


def _gate(world: GateWorld, traffic: SimulatedTraffic) -> MeasuredGate:
    limits = world.config.gate
    probes: Pair[Probes] = Pair(
        SimulatedProbes(world, target=False, window=Window(limits.window_seconds)),
        SimulatedProbes(world, target=True, window=Window(limits.window_seconds)),
    )
    users, copy = SimulatedUsers(world, traffic, USER_PERIODS), SimulatedCopy("active", world=world)
    expires = timedelta(seconds=world.config.verification.expires_seconds)
    return MeasuredGate(limits, expires, probes, users, copy, world.clock)
