"""The moves of all four pens as phases: their order there and back, and what is left to do when one has moved already."""

from dataclasses import replace

import pytest
from tests.builders import FakeWorld, trading
from tests.fakes import REGIONS, SOURCE, TARGET, FakeJournalStore

from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.cutover import Movers, cutover
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.model.pen import Domain, PenState

CONFIG = trading({"approvals": {"cutover": 0}, "calendar": {"hours": []}})
DOMAINS = ["market", "state", "commands", "effects"]


def whole(world: FakeWorld, *, back: bool = False) -> Plan:
    """The moves of every pen."""
    pair = REGIONS.swapped() if back else REGIONS
    return Plan("cutover", cutover(CONFIG, world.movers(), world.regions, pair, back=back))


def engine(world: FakeWorld, store: FakeJournalStore, plan: Plan) -> Engine:
    """An engine over it."""
    return Engine(plan, Journal(store, "engine", world.clock, lease_seconds=60, skew_bound=2))


def run(world: FakeWorld, worker: Engine) -> Outcome | None:
    """Ticks until it ends; what waits, waits a moment."""
    for _ in range(2000):
        if worker.advance() is Tick.ENDED:
            return worker.journal.progress.outcome
        world.settle()
    return None


def holders(world: FakeWorld) -> dict[str, str]:
    """Who holds which pen."""
    sides = (SOURCE, TARGET)
    return {d: side for d in DOMAINS for side in sides if world.pens.read(side, Domain(d)).all_are(PenState.OPEN)}


def test_pens_move_in_order_and_back_in_reverse() -> None:
    """Each in a phase of its own, so that what has moved stays when the next one fails."""
    world = FakeWorld()
    assert [phase.name for phase in whole(world).phases] == [f"cutover.{domain}" for domain in DOMAINS]
    assert [phase.name for phase in whole(world, back=True).phases] == [f"cutover.{domain}" for domain in reversed(DOMAINS)]


def test_every_pen_moves_there_and_back() -> None:
    """The same steps with the pair swapped, the next epoch each time."""
    world, store = FakeWorld(), FakeJournalStore()
    assert run(world, engine(world, store, whole(world))) is Outcome.DONE
    assert holders(world) == dict.fromkeys(DOMAINS, TARGET)
    assert run(world, engine(world, store, whole(world, back=True))) is Outcome.DONE
    assert holders(world) == dict.fromkeys(DOMAINS, SOURCE)
    assert {world.pens.read(SOURCE, Domain(domain)).epoch for domain in DOMAINS} == {3}


def test_what_has_moved_stays_when_the_next_one_goes_back() -> None:
    """And a new run does only what is left: it looks, and finds the pen at the target already."""
    world, store = FakeWorld(), FakeJournalStore()
    world.copies.behind = True
    assert run(world, engine(world, store, whole(world))) is Outcome.ROLLED_BACK
    assert holders(world) == {"market": TARGET, "state": SOURCE, "commands": SOURCE, "effects": SOURCE}
    world.copies.behind = False
    again = engine(world, store, whole(world))
    again.again()
    first = len(again.journal.records)
    assert run(world, again) is Outcome.DONE
    assert holders(world) == dict.fromkeys(DOMAINS, TARGET)
    acted = [record.step for record in again.journal.records[first:] if record.kind is Kind.INTENT]
    assert not [step for step in acted if step.endswith("market") or step in {"move_feeds", "mark_end"}]


def test_a_switchover_of_a_minute_is_waited_for() -> None:
    """Its budget is its own, and longer than that of the other pens."""
    world, store = FakeWorld(), FakeJournalStore()
    world.database.lasts = 60
    assert run(world, engine(world, store, whole(world))) is Outcome.DONE
    assert (holders(world), world.database.at) == (dict.fromkeys(DOMAINS, TARGET), TARGET)


def test_a_switchover_beyond_its_budget_is_switched_back() -> None:
    """What it comes to is waited for; then the source writes the database, and holds the pen of the effects alone."""
    world, store = FakeWorld(), FakeJournalStore()
    world.database.lasts = int(CONFIG.pens.effects_budget_seconds) + 10
    assert run(world, engine(world, store, whole(world))) is Outcome.ROLLED_BACK
    assert (holders(world), world.database.at) == ({**dict.fromkeys(DOMAINS, TARGET), "effects": SOURCE}, SOURCE)


@pytest.mark.parametrize("domain", [Domain.MARKET, Domain.EFFECTS])
def test_a_domain_without_what_moves_it_is_refused(domain: Domain) -> None:
    """A plan that could not be walked is not made."""
    world = FakeWorld()
    bare = replace(world.movers(), market=None, database=None)
    one = Movers(bare.pens, {domain: bare.copies[domain]}, {domain: bare.marks[domain]})
    with pytest.raises(ValueError, match="moved with"):
        cutover(CONFIG, one, world.regions, REGIONS)
