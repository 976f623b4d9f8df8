"""The whole trading plan over fakes, killed at every record and every act: another engine always finishes it."""

from collections.abc import Callable
from itertools import count

import pytest
from tests.builders import FakeWorld, holders, trading
from tests.fakes import REGIONS, SOURCE, TARGET, FakeJournalStore, Killed, reopened

from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.gate import Verdict
from landbridge.migrate.journal import Journal
from landbridge.migrate.plans.trading import trading as plan_of
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.step import Verb
from landbridge.model.pen import Domain

CONFIG = trading(
    {
        "shift": {"weights": [5, 100], "bake_seconds": 2},
        "engine": {"patience_seconds": 5},
        "calendar": {"hours": []},
        "approvals": {"shift": 0, "cutover": 0},
    }
)
LEASE_OVER = 6 + 2 + 1


def engine(world: FakeWorld, store: FakeJournalStore, who: str = "first") -> Engine:
    """An engine on the whole plan."""
    return Engine(plan_of(CONFIG, world.ports(), REGIONS), Journal(store, who, world.clock, lease_seconds=6, skew_bound=2))


def run(made: Engine, world: FakeWorld, until: Callable[[Engine], bool] = lambda _engine: False) -> Tick:
    """Ticks until the plan has ended, a person is needed, or something is so."""
    for _ in range(400):
        tick = made.advance()
        if tick in {Tick.ENDED, Tick.HELD} or until(made):
            return tick
        if tick is Tick.WAITING:
            world.settle()
    raise AssertionError(f"it goes on for ever: {made.journal.records[-1]}")


def done(step: str) -> Callable[[Engine], bool]:
    """Whether a step was found done."""
    return lambda made: step in made.journal.progress.done_at


def test_the_plan_moves_everything() -> None:
    """At the end the target holds the pen, all reads go there, and every item is there."""
    world, store = FakeWorld(), FakeJournalStore()
    assert run(engine(world, store), world) is Tick.ENDED
    assert holders(world) == [TARGET]
    assert world.traffic.weight == 100
    assert world.traffic.sent == [5, 100]
    assert world.copies.items(TARGET, world.copies.stands()) == world.copies.stands()
    assert world.pens.read(TARGET, Domain.STATE).epoch == 2


@pytest.mark.parametrize("last", ["deploy_target", "replicate_store.state", "add_route", "shift_reads.100", "prove_copy.state"])
def test_an_abort_before_the_pivot_leaves_the_world_as_it_was(last: str) -> None:
    """Wherever the abort comes, everything goes back in reverse order, and nothing of ours is left."""
    world, store = FakeWorld(), FakeJournalStore()
    before, made = world.stands(), engine(world, store)
    run(made, world, done(last))
    engine(world, store, "operator").journal.ask("abort", "not tonight")
    assert run(made, world) is Tick.ENDED
    assert made.journal.progress.outcome is Outcome.ROLLED_BACK
    assert world.stands() == before
    applied = list(dict.fromkeys(r.step for r in store.kept if r.kind is Kind.INTENT and r.data["verb"] == Verb.APPLY))
    assert [record.step for record in store.kept if record.kind is Kind.REVERTED] == applied[::-1]


def test_a_gate_that_fails_takes_all_reads_home_and_keeps_the_rest() -> None:
    """Only the shift goes back: stacks and copy stay for the next try, which succeeds."""
    world, store = FakeWorld(), FakeJournalStore()
    made = engine(world, store)
    run(made, world, done("shift_reads.5"))
    world.gate.verdict = Verdict.FAIL
    assert run(made, world) is Tick.ENDED
    assert (made.journal.progress.outcome, world.traffic.weight, world.replicator.status) == ("rolled back", None, "active")
    assert holders(world) == [SOURCE]
    world.gate.verdict = Verdict.PASS
    made.again()
    assert run(made, world) is Tick.ENDED
    assert holders(world) == [TARGET]


def test_a_move_past_its_budget_goes_back_through_the_cutover_only() -> None:
    """What the source accepted does not arrive in time: it writes again, and readers stay where they are."""
    world, store = FakeWorld(), FakeJournalStore()
    made = engine(world, store)
    run(made, world, done("close_source.state"))
    world.copies.copies[TARGET].clear()
    world.copies.settle = lambda: None  # type: ignore[method-assign]  # replication has stopped
    assert run(made, world) is Tick.ENDED
    assert (holders(world), world.traffic.weight, made.journal.progress.outcome) == ([SOURCE], 100, "rolled back")
    assert "budget 10 s" in made.journal.progress.turned_why


def killing(at: int) -> Callable[..., None]:
    """Ends the process at the n-th call."""
    calls = count(1)

    def strike(_what: object = None) -> None:
        if next(calls) == at:
            raise Killed

    return strike


def survived(world: FakeWorld, store: FakeJournalStore) -> bool:
    """Runs until the process is killed, then another one until the end; False when nothing killed the first."""
    try:
        run(engine(world, store), world)
    except Killed:
        world.pens.on_act = lambda: None
    else:
        return False
    world.clock.sleep(LEASE_OVER)
    again = engine(world, reopened(store), "second")
    run(again, world)
    if again.journal.progress.outcome is Outcome.ROLLED_BACK:  # killed between close and opening: the budget was over
        assert holders(world) == [SOURCE]
        again.again()
        run(again, world)
    assert (holders(world), world.traffic.weight) == ([TARGET], 100)
    assert again.journal.progress.outcome is Outcome.DONE
    return True


def test_killed_after_any_record() -> None:
    """The record is in the chain, and nothing after it happened."""
    for k in count(1):
        world, store = FakeWorld(), FakeJournalStore()
        store.on_kept = killing(k)
        if not survived(world, store):
            break
    assert k > 40


def test_killed_before_any_record() -> None:
    """What the record would have said was done or seen, and is not in the chain."""
    for k in count(1):
        world, store = FakeWorld(), FakeJournalStore()
        store.on_put = killing(k)
        if not survived(world, store):
            break
    assert k > 40


def test_killed_after_any_pen_or_fence() -> None:
    """Closed or opened halfway: another engine finishes it, or goes back and tries again."""
    for k in count(1):
        world, store = FakeWorld(), FakeJournalStore()
        world.pens.on_act = killing(k)
        if not survived(world, store):
            break
    assert k == 3 * len((None, *range(world.pens.fences))) + 1


def test_killed_on_the_way_back_at_any_record() -> None:
    """Going back is as safe as going forward: the world is as it was before the move."""
    for k in count(1):
        world, store = FakeWorld(), FakeJournalStore()
        before, made = world.stands(), engine(world, store)
        run(made, world, done("prove_copy.state"))
        made.journal.ask("abort", "not tonight")
        store.on_kept = killing(k)
        try:
            run(made, world)
            break
        except Killed:
            world.clock.sleep(LEASE_OVER)
        again = engine(world, reopened(store), "second")
        run(again, world)
        assert again.journal.progress.outcome is Outcome.ROLLED_BACK
        assert world.stands() == before
    assert k > 10


def test_every_act_was_intended_first() -> None:
    """Any pen ever written carries the number of an intent that stands in the chain."""
    world, store = FakeWorld(), FakeJournalStore()

    def look(_record: Record) -> None:
        intents = {record.number for record in store.kept if record.kind is Kind.INTENT} | {0}
        turns = {pen.turn for side in world.pens.pens.values() for pen in side.values()}
        assert turns <= intents

    store.on_kept = look
    run(engine(world, store), world)
    assert {region: world.pens.read(region, Domain.STATE).turn > 0 for region in REGIONS} == {SOURCE: True, TARGET: True}
