"""Acts that nothing can fence: never so late that another engine works already, never while an earlier one may arrive."""

import time

import pytest
from tests.builders import CONFIG, trading
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.aws.clients import PATIENT, Clients
from landbridge.config.calls import LEAST_LEASE_SECONDS
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.engine import Tick
from landbridge.migrate.record import Ask
from landbridge.migrate.step import Seen, State
from landbridge.model.errors import Unreachable

LEASE = 6


def silent(call: str) -> None:
    """The act is sent, and nobody answers."""
    if call in {"apply", "revert"}:
        raise Unreachable("us-east-1", "no answer")


@pytest.mark.parametrize(("lasts", "acts"), [(LEASE - 0.1, True), (LEASE, False)])
def test_an_act_is_sent_only_within_the_lease(lasts: float, acts: bool) -> None:  # noqa: FBT001
    """One that could outlast it is not sent at all."""
    step = Toy("weight", lasts=lasts)
    Bench(row(("only", [step]))).run()
    assert ("apply" in step.calls) is acts


def test_after_a_lost_answer_nothing_unfenced_is_sent_until_the_act_has_arrived_or_never_will() -> None:
    """Not by another step either: the lost one would come second, and stand."""
    first, second = Toy("first", lasts=2.0, raises=silent), Toy("second", lasts=2.0)
    bench = Bench(row(("only", [first, second])))
    assert bench.run() is Tick.WAITING
    first.raises, first.sees = (lambda _call: None), Seen(State.DONE, "it arrived")
    bench.clock.sleep(1.9)
    bench.run()
    assert "apply" not in second.calls
    bench.clock.sleep(0.2)
    bench.run()
    assert "apply" in second.calls


def test_acts_with_a_turn_do_not_wait_for_lost_ones() -> None:
    """A pen's late act changes nothing, so nobody needs to wait for it, or it for others."""
    first, second = Toy("first", lasts=2.0, raises=silent), Toy("second")
    bench = Bench(row(("only", [first, second])))
    bench.run()
    first.raises, first.sees = (lambda _call: None), Seen(State.DONE, "it arrived")
    bench.run()
    assert "apply" in second.calls


def test_going_back_waits_for_a_lost_act_too() -> None:
    """Else what was to be put back would be set again behind its back."""
    step = Toy("weight", lasts=2.0, raises=silent)
    bench = Bench(row(("only", [step])))
    bench.run()
    step.raises = lambda _call: None
    bench.ask(Ask.ABORT)
    bench.run()
    assert "revert" not in step.calls
    bench.clock.sleep(2.1)
    assert bench.run() is Tick.ENDED
    assert "revert" in step.calls


def test_a_step_that_stood_still_between_two_acts_sends_no_second_one() -> None:
    """What it may send is asked right before each act, not once for all: another engine may work by then."""
    step = Toy("weight", lasts=2.0)
    bench = Bench(row(("only", [step])))
    sent: list[str] = []

    def twice(call: str) -> None:
        if call == "apply":
            for act in ("one", "other"):
                step.contexts[-1].sure()
                sent.append(act)
                bench.clock.sleep(LEASE)

    step.raises = twice
    assert bench.run() is Tick.WAITING
    assert sent == ["one"]


def test_every_step_of_every_way_acts_within_the_shortest_lease_that_a_configuration_may_have() -> None:
    """And as long as a call of its client may last: a bound of another's would let a late act stand."""
    config = trading({"market": {"feeds": ["a"], "producers": ["arn:aws:iam::1:role/a"]}, "database": {"moves": True}})
    migration = Migration(Clients(timeouts=PATIENT), config, CONFIG.parent / "templates", time.time, time.sleep)
    steps = [step for way in migration.ways() for phase in way.plan().phases for step in phase.steps]
    assert {step.lasts for step in steps} == {0.0, PATIENT.once}
    assert PATIENT.once < LEAST_LEASE_SECONDS
