"""Everything the plans can have, over fakes: adopted and moved, then baked and retired, or put back, or held for a person."""

from collections.abc import Callable

import pytest
from tests.builders import FakeWorld, trading
from tests.fakes import REGIONS, SOURCE, TARGET, FakeJournalStore

from landbridge.config.control import Approvals
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.gate import Verdict
from landbridge.migrate.journal import Journal
from landbridge.migrate.plans.failback import failback
from landbridge.migrate.plans.trading import trading as plan_of
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind
from landbridge.migrate.step import Verb
from landbridge.model.pen import Domain, PenState
from landbridge.verify.port import Result

BAKE = 20.0
CONFIG = trading(
    {
        "shift": {"weights": [5, 100], "bake_seconds": 2},
        "engine": {"patience_seconds": 20},
        "retire": {"bake_seconds": BAKE},
        "calendar": {"hours": []},
        "approvals": {"shift": 0, "cutover": 0, "retire": 0},
    }
)
PHASES = ["preflight", "adopt", "foundation", "replicate", "verify", "shift", *(f"cutover.{domain}" for domain in Domain)]
LAST = ["bake", "retire.prove", "retire.remove"]


def engine(world: FakeWorld, store: FakeJournalStore, who: str = "first", *, back: bool = False) -> Engine:
    """An engine on the whole move, or on the way home."""
    ports = world.whole_ports()
    plan = failback(CONFIG, ports, REGIONS.swapped()) if back else plan_of(CONFIG, ports, REGIONS)
    return Engine(plan, Journal(store, who, world.clock, lease_seconds=6, skew_bound=2))


def retiring(world: FakeWorld, store: FakeJournalStore, who: str = "first", *, retire: int = 0) -> Engine:
    """An engine on the source's retirement."""
    asking = CONFIG.model_copy(update={"approvals": Approvals(retire=retire)})
    return Engine(world.retirement(asking), Journal(store, who, world.clock, lease_seconds=6, skew_bound=2))


def moved(world: FakeWorld, store: FakeJournalStore, *, retire: int = 0) -> Engine:
    """The move is done, and an engine on the retirement is about to begin it."""
    assert run(engine(world, store), world) is Tick.ENDED
    return retiring(world, store, retire=retire)


def whole(world: FakeWorld, store: FakeJournalStore, who: str = "first") -> Engine:
    """The move and then the retirement, from wherever they stand, as far as they go."""
    made = engine(world, store, who)
    made.journal.refresh()
    if not made.journal.progress.plan_name.startswith("retire"):
        run(made, world)
        if made.journal.progress.outcome is not Outcome.DONE:
            return made
    left = retiring(world, store, who)
    run(left, world)
    return left


def run(made: Engine, world: FakeWorld, until: Callable[[Engine], bool] = lambda _engine: False) -> Tick:
    """Ticks until the plan has ended, a person is needed, or something is so; each takes a moment."""
    for _ in range(2000):
        tick = made.advance()
        if tick in {Tick.ENDED, Tick.HELD} or until(made):
            return tick
        world.settle()
    raise AssertionError(f"it goes on for ever: {made.journal.records[-1]}")


def done(step: str) -> Callable[[Engine], bool]:
    """Whether a step was found done."""
    return lambda made: step in made.journal.progress.done_at


def holders(world: FakeWorld) -> set[str]:
    """Who holds the pens."""
    return {side for side in REGIONS for domain in Domain if world.pens.read(side, domain).all_are(PenState.OPEN)}


def gone(world: FakeWorld) -> bool:
    """Whether nothing is left at the source, and the target has everything."""
    left = [*world.leaving.stacks.standing(), *(name for each in world.leaving.members.values() for name in each.standing())]
    return not left and holders(world) == {TARGET} and world.traffic.weight == 100 and world.database.writer() == TARGET


def test_both_plans_in_order() -> None:
    """What a platform does not bring, its plan does not have; the last phase of the retirement alone is final."""
    world = FakeWorld()
    plan, retirement = plan_of(CONFIG, world.whole_ports(), REGIONS), world.retirement(CONFIG)
    assert [phase.name for phase in plan.phases] == PHASES
    assert [phase.name for phase in retirement.phases] == LAST
    assert [phase.name for phase in (*plan.phases, *retirement.phases) if phase.final] == LAST[-1:]
    bake, prove, _ = retirement.phases
    assert [step.name for step in bake.steps] == ["verify_store.state.bake", "bake_target"]
    assert [step.name for step in prove.steps][:3] == ["verify_store.state.retire", "bake_target.retire", "quiet_source"]
    bare = [phase.name for phase in plan_of(CONFIG, world.ports(), REGIONS).phases]
    assert bare == [name for name in PHASES if name not in {"adopt", "cutover.market", "cutover.commands", "cutover.effects"}]


def test_it_comes_to_its_end_and_the_source_is_gone() -> None:
    """Members in their order, then stacks last one first, though the source's own parameters went with them."""
    world, store = FakeWorld(), FakeJournalStore()
    made = whole(world, store)
    assert made.journal.progress.outcome is Outcome.DONE
    assert gone(world)
    removed = [r.step for r in store.kept if r.kind is Kind.INTENT and r.step.startswith(("detach", "destroy", "report"))]
    kinds = ["route", "replicas", "secrets", "cluster", "objects", "peering"]
    assert removed == [*(f"detach_member.{kind}" for kind in kinds), "destroy_source", "destroy_source", "report_residency"]
    assert world.feeds.address(SOURCE) is None


def test_the_residency_is_in_the_journal() -> None:
    """The last finding of the run carries every place."""
    world, store = FakeWorld(), FakeJournalStore()
    whole(world, store)
    found = next(record for record in reversed(store.kept) if record.step == "report_residency")
    assert found.data["places"][0] == {"kind": "log", "thing": "api", "region": TARGET, "excuse": ""}


@pytest.mark.parametrize("last", ["adopt_source", "add_route", "prove_reverse.market"])
def test_an_abort_before_any_pivot_puts_everything_back(last: str) -> None:
    """What was adopted runs on as it was."""
    world, store = FakeWorld(), FakeJournalStore()
    before, made = world.stands(), engine(world, store)
    run(made, world, done(last))
    made.journal.ask(Ask.ABORT, "not tonight")
    assert run(made, world) is Tick.ENDED
    assert (made.journal.progress.outcome, world.stands()) == (Outcome.ROLLED_BACK, before)
    applied = list(dict.fromkeys(r.step for r in store.kept if r.kind is Kind.INTENT and r.data["verb"] == Verb.APPLY))
    assert [record.step for record in store.kept if record.kind is Kind.REVERTED] == applied[::-1]


@pytest.mark.parametrize("what", [Ask.ABORT, Ask.FAILBACK])
def test_nothing_goes_back_once_something_was_taken_away(what: Ask) -> None:
    """Refused with the sentence, and the plan goes on to its end."""
    world, store = FakeWorld(), FakeJournalStore()
    made = moved(world, store)
    run(made, world, done("detach_member.route"))
    made.journal.ask(what, "second thoughts")
    run(made, world)
    assert gone(world)
    (answer,) = [record.why for record in store.kept if record.kind is Kind.ANSWERED]
    assert answer.startswith(
        f"{what} refused: detach_member.route has begun, and what it takes away does not come back: only forward"
    )


@pytest.mark.parametrize("last", ["bake_target", "restore_backup.state", "copy_evidence"])
def test_until_then_failing_back_brings_everything_home(last: str) -> None:
    """The retirement is left, which has changed nothing, and the way home is a plan of its own."""
    world, store = FakeWorld(), FakeJournalStore()
    made = moved(world, store)
    run(made, world, done(last))
    made.journal.ask(Ask.ABORT, "the target is slow")
    assert run(made, world) is Tick.ENDED
    assert (made.journal.progress.outcome, holders(world), world.traffic.weight) == (Outcome.ROLLED_BACK, {TARGET}, 100)
    world.traffic.weight = 0  # seen from the way home, none of the reads are there yet
    home = engine(world, store, back=True)
    assert run(home, world) is Tick.ENDED
    assert (home.journal.progress.outcome, holders(world)) == (Outcome.DONE, {SOURCE})


def test_a_gate_that_fails_while_it_bakes_turns_nothing_back() -> None:
    """It holds for a person; when the target is well again, the bake time begins anew."""
    world, store = FakeWorld(), FakeJournalStore()
    made = moved(world, store)
    for _ in range(10):
        made.advance()
        world.settle()
    world.gate.verdict = Verdict.FAIL
    assert run(made, world) is Tick.HELD
    assert (holders(world), [record for record in store.kept if record.kind is Kind.TURNED]) == ({TARGET}, [])
    world.gate.verdict, well = Verdict.PASS, world.clock()
    run(made, world, done("bake_target"))
    assert world.clock() - well >= BAKE
    assert run(made, world) is Tick.ENDED
    assert gone(world)


def test_a_target_that_goes_bad_at_the_last_moment_keeps_its_source() -> None:
    """The gate is asked once more while the proofs are made, and nothing was taken away yet."""
    world, store = FakeWorld(), FakeJournalStore()
    made = moved(world, store)
    run(made, world, done("restore_backup.state"))
    world.gate.verdict = Verdict.FAIL
    assert run(made, world) is Tick.HELD
    assert made.journal.records[-1].step == "bake_target.retire"
    assert len(world.leaving.stacks.standing()) == 2


def test_what_is_baked_waits_for_two_people_and_is_judged_meanwhile() -> None:
    """They may take a week: nothing is proved or taken away before, and the bake is not begun anew."""
    world, store = FakeWorld(), FakeJournalStore()
    made = moved(world, store, retire=2)
    run(made, world, lambda each: "stopped_by" in each.journal.records[-1].data)
    world.clock.sleep(7 * 86_400)
    for who in ("ben", "cat"):
        assert "quiet_source" not in made.journal.progress.entered
        made.journal.refresh()
        Journal(store, who, world.clock, lease_seconds=6, skew_bound=2).ask(Ask.APPROVE, "seen", "retire")
    asked = world.clock()
    assert run(made, world) is Tick.ENDED
    assert gone(world)
    assert made.journal.progress.done_at["bake_target"] - asked < BAKE


def test_a_store_that_nobody_here_can_restore_needs_somebody_who_answers_for_it() -> None:
    """Also where a retirement needs no approval; and not by who began it."""
    world, store = FakeWorld(), FakeJournalStore()
    world.leaving.untried = ("database",)
    made = moved(world, store)
    first = world.retirement(CONFIG).phases[0]
    assert (first.name, first.approvals) == ("untried", 1)
    run(made, world, lambda each: "stopped_by" in each.journal.records[-1].data)
    assert "go_untried.database" not in made.journal.progress.done_at
    Journal(store, "ben", world.clock, lease_seconds=6, skew_bound=2).ask(Ask.APPROVE, "restored by hand", "untried")
    assert run(made, world) is Tick.ENDED
    assert gone(world)
    assert made.journal.progress.approvals["untried"] == ["ben"]


def test_comparisons_are_made_anew_as_long_as_it_bakes() -> None:
    """One that would expire on the way is repeated, under the bake's own name."""
    world, store = FakeWorld(), FakeJournalStore()
    made = moved(world, store)
    made.advance()
    world.verifier.result = Result(world.clock() - CONFIG.verification.expires_seconds + BAKE / 2, 0.0, 10, ())
    run(made, world, done("bake_target"))
    compared = [record for record in store.kept if record.kind is Kind.INTENT and record.step == "verify_store.state.bake"]
    assert len(compared) == 1
