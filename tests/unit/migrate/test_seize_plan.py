"""A whole seizure: two people, four pens, a region that comes back, and what it cost named in the journal."""

from dataclasses import replace

import pytest
from tests.builders import FakeWorld, state, trading
from tests.fakes import SOURCE, TARGET, FakeJournalStore
from tests.unit.migrate.toys import Toy

from landbridge.migrate.decisions import Decision, refusal
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.give_up import give_up
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.seize import Seizing, seize
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind
from landbridge.migrate.step import Seen, State, Verb
from landbridge.model.errors import BadInput
from landbridge.model.pen import Domain, PenState

CONFIG = trading({"seize": {"silence_seconds": 3, "settle_seconds": 3}})


def ready() -> FakeWorld:
    """The target stands with closed pens and half of the reads; the source is gone."""
    world = FakeWorld()
    for domain in Domain:
        world.pens.lay(TARGET, domain, PenState.CLOSED, epoch=0)
    world.traffic.weight = 50
    world.pens.out.add(SOURCE)
    return world


def engine(world: FakeWorld, store: FakeJournalStore | None = None) -> Engine:
    """Ada's."""
    journal = Journal(store or FakeJournalStore(), "engine", world.clock, lease_seconds=60, skew_bound=2)
    return Engine(seize(CONFIG, world.seizing(), SOURCE, TARGET), journal, "ada")


def ticks(world: FakeWorld, worker: Engine, least: int = 80) -> Tick:
    """The last of many ticks, a moment apart where it waits."""
    tick = Tick.MOVED
    for _ in range(least):
        tick = worker.advance()
        if tick is not Tick.MOVED:
            world.settle()
    return tick


def approve(world: FakeWorld, worker: Engine) -> None:
    """By Ben, at his own machine."""
    Journal(worker.journal.store, "ben", world.clock, 60, 2).ask(Ask.APPROVE, "I saw it", "seize")


def approved(world: FakeWorld, worker: Engine) -> None:
    """All that can be done without the source is done."""
    ticks(world, worker, 12)
    approve(world, worker)
    ticks(world, worker)


def holders(world: FakeWorld) -> set[Domain]:
    """The domains the target writes."""
    return {domain for domain in Domain if world.pens.read(TARGET, domain).all_are(PenState.OPEN)}


def test_users_pens_come_first_and_contact_is_a_phase_of_its_own() -> None:
    """Nothing of the first phase waits for the lost side; the second closes it in every domain before anything else."""
    plan = engine(FakeWorld()).plan
    pens = ["seize_pen.state", "seize_pen.commands", "seize_pen.market", "take_market", "fail_over_database", "seize_pen.effects"]
    marks = [f"start_target.{domain}" for domain in ("state", "commands", "market", "effects")]
    assert [step.name for step in plan.phases[0].steps] == ["confirm_loss", *pens, *marks, "send_reads"]
    assert [step.name.partition(".")[0] for step in plan.phases[1].steps][:5] == ["close_lost"] * 4 + ["restore_overwritten"]
    assert plan.no_return() is plan.phases[0].steps[1]


def test_one_person_seizes_nothing() -> None:
    """The starter's own word does not count, however long it waits."""
    world = ready()
    worker = engine(world)
    ticks(world, worker)
    decision = Decision(Ask.APPROVE, "ada", "seize", worker.journal.progress.run)
    assert "began the plan" in str(refusal(worker.plan, worker.journal.progress, decision))
    assert not holders(world)
    with pytest.raises(BadInput):
        trading({"approvals": {"seize": 0}})


def test_two_people_seize_every_pen() -> None:
    """Above the lost side's epochs, with the reads, and it waits for the first contact."""
    world = ready()
    worker = engine(world)
    approved(world, worker)
    assert holders(world) == set(Domain)
    assert all(world.pens.read(TARGET, domain).epoch > 1 for domain in Domain)
    assert (world.traffic.weight, world.database.at, world.feeds.told[TARGET]) == (100, TARGET, TARGET)
    assert worker.journal.progress.last_found["close_lost.state"].data["state"] == State.WAITING


def test_first_contact_closes_restores_and_counts() -> None:
    """What the lost side's late copies covered is back; what nobody sees any more is named; then it is done."""
    world = ready()
    worker = engine(world)
    approved(world, worker)
    epoch = world.pens.read(TARGET, Domain.STATE).epoch
    world.copies.accept(TARGET, state("ada", version=3, epoch=epoch), world.clock())
    world.copies.accept(SOURCE, state("ada", version=9), world.clock())
    world.pens.out.clear()
    assert ticks(world, worker, 300) is Tick.ENDED
    assert worker.journal.progress.outcome is Outcome.DONE
    assert not any(world.pens.read(SOURCE, domain).any_is(PenState.OPEN) for domain in Domain)
    assert world.copies.copies[TARGET]["ada", "main"].version == 3
    named = [key for record in worker.journal.records for key in record.data.get("keys", ()) if record.kind is Kind.FOUND]
    assert {"ada/main", "ada/main v9"} <= set(named)
    assert worker.journal.progress.figures("count_loss.state")["missing"] == 1


def test_a_region_that_answers_again_before_the_first_pen_holds_it() -> None:
    """Its approvals are worth nothing then; a move is the way."""
    world = ready()
    worker = engine(world)
    ticks(world, worker, 12)
    world.pens.out.clear()
    assert ticks(world, worker, 5) is Tick.HELD
    assert "move by migrate or failback" in worker.journal.progress.last_found["confirm_loss"].why
    assert refusal(worker.plan, worker.journal.progress, Decision(Ask.ABORT, "ada", "", worker.journal.progress.run)) is None


def test_an_approval_is_enough_however_late_it_comes() -> None:
    """The silence goes on being watched while it is awaited, and need not begin again."""
    world = ready()
    worker = engine(world)
    ticks(world, worker, 400)
    approve(world, worker)
    ticks(world, worker, 10)
    assert Domain.STATE in holders(world)


def test_a_seizure_is_not_aborted_past_its_first_pen() -> None:
    """There is no way back from what was given up."""
    world = ready()
    worker = engine(world)
    approved(world, worker)
    decision = Decision(Ask.ABORT, "ada", "", worker.journal.progress.run)
    assert "may have passed its pivot" in str(refusal(worker.plan, worker.journal.progress, decision))


def test_weights_that_cannot_be_set_hold_up_nothing_and_are_set_later() -> None:
    """Their control plane may be lost with the region; first contact comes first, and then the weights."""
    world = ready()
    world.traffic.silent = True
    worker = engine(world)
    approved(world, worker)
    assert "close_lost.state" in worker.journal.progress.entered
    world.traffic.silent = False
    ticks(world, worker, 5)
    assert world.traffic.weight == 100


@pytest.mark.parametrize("domain", [Domain.MARKET, Domain.EFFECTS])
def test_a_domain_without_what_seizes_it_is_refused(domain: Domain) -> None:
    """A plan that could not be walked is not made."""
    bare = FakeWorld().seizing()
    movers = replace(bare.movers, copies={domain: bare.movers.copies[domain]}, market=None)
    with pytest.raises(ValueError, match="seized with"):
        seize(CONFIG, Seizing(movers, bare.traffic, {}, bare.losses), SOURCE, TARGET)


def test_a_run_that_can_go_nowhere_is_given_up() -> None:
    """Its engine sees that it ended; what it had sent without a turn is still waited for by the next run."""
    world, store = ready(), FakeJournalStore()
    old = Engine(Plan("move", (Phase("one", (Toy("a", sees=Seen(State.WAITING, "lost")),)),)), engine(world, store).journal)
    ticks(world, old, 4)
    old.journal.append(Kind.FOUND, "a", "lost", {"state": State.WAITING, "may_arrive_s": 500.0})
    give_up(old.journal, "gone")
    give_up(old.journal, "gone")
    assert old.journal.progress.outcome is Outcome.GIVEN_UP
    assert old.advance() is Tick.ENDED
    settles = old.journal.progress.settles_at
    new = Engine(engine(world, store).plan, old.journal, "ada")
    new.again()
    assert (new.journal.progress.outcome, new.journal.progress.settles_at) == (None, settles)
    assert not new.journal.progress.intents("a", Verb.APPLY)
