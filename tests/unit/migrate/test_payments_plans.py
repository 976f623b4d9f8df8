"""The payments platform's plans over fakes: grown and put back, taken out and brought back, killed at every record."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from tests.builders import FakeWorld, expansion
from tests.fake_payments import OtherSide
from tests.fakes import FakeJournalStore, Killed, reopened
from tests.unit.migrate.test_whole_plan_killed import LEASE_OVER, killing

from landbridge.config.expansion import Expansion
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.gate import Verdict
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.evacuate import Evacuating, evacuate
from landbridge.migrate.plans.expand import Expanding, expand, there
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind
from landbridge.migrate.step import Verb
from landbridge.model.region import Region

SHARE = 50
CONFIG = expansion(
    {
        "shift": {"weights": [5, SHARE], "bake_seconds": 2, "record_ttl_seconds": 1},
        "engine": {"patience_seconds": 20, "tick_seconds": 1},
        "evacuate": {"quiet_seconds": 3},
        "approvals": {"shift": 0, "back": 0},
    }
)
HERE, THERE = there(CONFIG)


@dataclass
class Case:
    """One world, one chain, and engines on it."""

    world: FakeWorld = field(default_factory=FakeWorld)
    store: FakeJournalStore = field(default_factory=FakeJournalStore)
    out: Region | None = None
    config: Expansion = CONFIG

    def plan(self) -> Plan:
        """Expand, or evacuate the region that goes out."""
        world, verifiers = self.world, {"sessions": self.world.verifier}
        if self.out is None:
            stores = {"sessions": world.replicator}
            ports = Expanding(world.regions, world.stacks, stores, verifiers, world.traffic, world.gate)
            return expand(self.config, ports, there(self.config))
        ours, other = world.traffic, OtherSide(world.traffic)
        back, leaving = (ours, other) if self.out == THERE else (other, ours)
        held = Evacuating(world.gate, leaving, world.events, verifiers, back, world.gate)
        pair = there(self.config) if self.out == HERE else there(self.config).swapped()
        return evacuate(self.config, held, pair)

    def engine(self, who: str = "first") -> Engine:
        """Another process."""
        return Engine(self.plan(), Journal(self.store, who, self.world.clock, lease_seconds=6, skew_bound=2))

    def run(self, until: Callable[[Engine], bool] = lambda _engine: False, who: str = "first") -> Engine:
        """Ticks until it has ended, a person is needed, or something is so."""
        made = self.engine(who)
        for _ in range(2000):
            tick = made.advance()
            if tick in {Tick.ENDED, Tick.HELD} or until(made):
                return made
            self.world.settle()
        raise AssertionError(f"it goes on for ever: {made.journal.records[-1]}")

    def finish(self) -> None:
        """A second engine goes on until it is done; what unwound meanwhile is begun again."""
        self.world.clock.sleep(LEASE_OVER)
        self.store = reopened(self.store)
        made = self.run(who="second")
        while made.journal.progress.outcome is Outcome.ROLLED_BACK:
            made.again()
            made = self.run(who="second")
        assert made.journal.progress.outcome is Outcome.DONE


def grown(out: Region) -> Case:
    """Both regions serve; one of them will go out, with two events it accepted."""
    case = Case(out=out)
    case.world.traffic.weight = SHARE
    case.world.stacks.made = list(case.world.stacks.wanted)
    case.world.replicator.status = "active"
    case.world.events.queued = 2
    return case


def done(step: str) -> Callable[[Engine], bool]:
    """Whether a step was found done."""
    return lambda made: step in made.journal.progress.done_at


def test_the_plan_that_expands() -> None:
    """In order; none of its steps is a pivot, so an abort puts everything back at any moment."""
    plan = Case().plan()
    told = [f"{phase.name}: {step.name}" for phase in plan.phases for step in phase.steps]
    assert told == [
        "preflight: reach_regions",
        "foundation: deploy_target",
        "replicate: replicate_store.sessions",
        "verify: verify_store.sessions",
        "shift: warm_target",
        "shift: add_route",
        "shift: shift_reads.5",
        "shift: shift_reads.50",
    ]
    assert plan.no_return() is None


@pytest.mark.parametrize(("out", "share"), [(HERE, 70), (THERE, 30)])
def test_the_plan_that_evacuates(out: Region, share: int) -> None:
    """Either region comes back to the share it had, over the weights below that."""
    case = Case(out=out, config=expansion({"shift": {"weights": [5, 25, 30]}}))
    plan = case.plan()
    told = [step.name for step in plan.steps()]
    weights = [f"shift_reads.{weight}" for weight in (5, 25, 30) if weight < share]
    expected = ["confirm_stay", "send_reads", "drain_events", "verify_store.sessions", "warm_target", *weights]
    assert told == [*expected, f"shift_reads.{share}"]
    assert [(phase.name, phase.approvals) for phase in plan.phases if phase.approvals] == [("back", 1)]


def test_a_platform_grows() -> None:
    """The second region stands, is copied to and compared, and has its share."""
    case = Case()
    assert case.run().journal.progress.outcome is Outcome.DONE
    assert case.world.stacks.made == list(case.world.stacks.wanted)
    assert (case.world.replicator.status, case.world.traffic.weight) == ("active", SHARE)


@pytest.mark.parametrize("last", ["deploy_target", "replicate_store.sessions", "add_route", "shift_reads.5"])
def test_an_abort_puts_the_one_region_back(last: str) -> None:
    """Whatever was begun is taken away again."""
    case = Case()
    before = case.world.stands()
    made = case.run(done(last))
    made.journal.ask(Ask.ABORT, "we thought again", run=made.journal.progress.run)
    made.journal.release()
    assert case.run().journal.progress.outcome is Outcome.ROLLED_BACK
    assert case.world.stands() == before


def test_a_region_that_serves_badly_gives_its_share_back() -> None:
    """The shift alone is undone: what was deployed and copied stays for another try."""
    case = Case()
    case.run(done("add_route")).journal.release()
    case.world.gate.verdict = Verdict.FAIL
    assert case.run().journal.progress.outcome is Outcome.ROLLED_BACK
    assert (case.world.traffic.weight, case.world.replicator.status) == (None, "active")


@pytest.mark.parametrize("out", [HERE, THERE])
def test_a_region_goes_out_and_comes_back(out: Region) -> None:
    """Nobody is sent there before its queue is empty and its copies were compared; then it has its share again."""
    case = grown(out)
    made = case.run()
    assert made.journal.progress.outcome is Outcome.DONE
    assert (case.world.traffic.weight, case.world.events.queued) == (SHARE, 0)
    gone = 0 if out == THERE else 100
    assert case.world.traffic.sent[0] == gone
    applied = [record.step for record in case.store.kept if record.kind is Kind.INTENT and record.data["verb"] == Verb.APPLY]
    assert applied == ["send_reads", "verify_store.sessions", "shift_reads.5", "shift_reads.50"]


def test_a_region_in_doubt_takes_nobody_over() -> None:
    """Nothing has moved when the engine holds."""
    case = grown(HERE)
    case.world.gate.verdict = Verdict.INCONCLUSIVE
    case.run()
    assert case.world.traffic.sent == []


def test_a_silent_region_is_waited_for_while_the_other_serves() -> None:
    """Its clients are gone, its events are not given up, and it comes back when it answers."""
    case = grown(THERE)
    case.world.events.silent = True
    made = case.engine()
    for _ in range(200):
        made.advance()
        case.world.settle()
    assert "drain_events" not in made.journal.progress.done_at
    assert case.world.traffic.weight == 0
    case.world.events.silent = False
    made.journal.release()
    assert case.run().journal.progress.outcome is Outcome.DONE


def test_weights_that_can_not_be_set_hold_nothing_up() -> None:
    """Route 53's control plane goes with us-east-1: health checks move clients, and the weights follow when it is back."""
    case = grown(HERE)
    case.run(done("confirm_stay")).journal.release()
    case.world.traffic.silent = True
    case.run(done("send_reads")).journal.release()
    assert case.world.traffic.weight == SHARE
    case.world.traffic.silent = False
    case.run(done("drain_events")).journal.release()
    assert case.world.traffic.sent == [100]
    assert case.run().journal.progress.outcome is Outcome.DONE


def test_nobody_comes_back_without_approval() -> None:
    """The region stays out as long as it takes."""
    case = grown(HERE)
    case.config = CONFIG.model_copy(update={"approvals": expansion().approvals})
    made = case.engine()
    for _ in range(100):
        made.advance()
        case.world.settle()
    assert case.world.traffic.weight == 100
    assert "back does not begin: it needs 1 approval" in made.journal.progress.last_found["verify_store.sessions"].why
    grace = Journal(case.store, "grace", case.world.clock, lease_seconds=6, skew_bound=2)
    grace.refresh()
    grace.ask(Ask.APPROVE, "it is mended", "back", grace.progress.run)
    made.journal.release()
    assert case.run().journal.progress.outcome is Outcome.DONE
    assert case.world.traffic.weight == SHARE


def test_a_region_that_comes_back_badly_stays_out() -> None:
    """Its gate fails at the first share: that one is taken back, and all of it is for a person."""
    case = grown(THERE)
    case.run(lambda made: bool(made.journal.progress.intents("shift_reads.5", Verb.APPLY))).journal.release()
    assert case.world.traffic.weight == 5
    case.world.gate.verdict = Verdict.FAIL
    assert case.run().journal.progress.outcome is Outcome.ROLLED_BACK
    assert case.world.traffic.weight == 0


def test_an_aborted_evacuation_leaves_both_with_their_shares() -> None:
    """As if nobody had begun it."""
    case = grown(HERE)
    made = case.run(done("drain_events"))
    made.journal.ask(Ask.ABORT, "not today", run=made.journal.progress.run)
    made.journal.release()
    assert case.run().journal.progress.outcome is Outcome.ROLLED_BACK
    assert case.world.traffic.weight == SHARE


def _length(make: Callable[[], Case]) -> int:
    case = make()
    case.run()
    return len(case.store.kept) - 1


@pytest.mark.parametrize("where", ["on_put", "on_kept"])
@pytest.mark.parametrize("make", [Case, lambda: grown(HERE), lambda: grown(THERE)], ids=["expand", "out here", "out there"])
def test_killed_at_every_record_another_engine_finishes_it(make: Callable[[], Case], where: str) -> None:
    """Before or after each record of the whole plan: the end is the same."""
    for number in range(1, _length(make) + 1):
        case = make()
        setattr(case.store, where, killing(number))
        with pytest.raises(Killed):
            case.run()
        case.finish()
        assert case.world.traffic.weight == SHARE
        assert case.world.events.queued == 0
