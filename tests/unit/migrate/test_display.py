"""The dry run: the shipped plan walked by the real engine, and every act of it told in order, to the letter."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.builders import CONFIG, trading
from tests.fakes import SOURCE, TARGET, Clock

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.display.walk import HERE, DryRun
from landbridge.migrate.display.world import Copy
from landbridge.migrate.engine import Tick
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask
from landbridge.migrate.step import State, Verb
from landbridge.model.errors import Refused
from landbridge.model.region import Pair, Region

EVENING = datetime(2026, 11, 20, 18, tzinfo=ZoneInfo("America/New_York")).timestamp()  # a Friday
SHORT = trading({"shift": {"weights": [5, 100]}})
MOVING = {"shift": {"weights": [100]}, "market": {"feeds": ["direct"], "producers": ["arn:aws:iam::000000000000:role/feeds"]}}
GOLDEN = """
adopt_source: import, where it belongs to no stack yet, into those of us-east-1: tables
deploy_target: create or update the stack tables in eu-central-1 by a change set
deploy_target: create or update the stack api in eu-central-1 by a change set
close_target.state: close the state pen of eu-central-1 and its 64 fences
close_target.commands: close the commands pen of eu-central-1 and its 64 fences
connect_apis: write into the parameter of us-east-1 where the API of eu-central-1 answers
connect_apis: write into the parameter of eu-central-1 where the API of us-east-1 answers
replicate_store.state: begin to copy state from us-east-1 to eu-central-1
replicate_store.commands: begin to copy commands from us-east-1 to eu-central-1
replicate_store.history: begin to copy history from us-east-1 to eu-central-1
verify_store.state: compare every key and value of state on both sides
verify_store.commands: compare every key and value of commands on both sides
verify_store.history: compare every key and value of history on both sides
shift: wait for 1 approval, none by who begins it
add_route: give eu-central-1 a record of origin.trading.example at weight 0, and a health check
shift_reads.5: send 5 % of the reads of origin.trading.example to eu-central-1
shift_reads.5: wait: 5 % for 0 s: the gate is taken to pass
shift_reads.100: send 100 % of the reads of origin.trading.example to eu-central-1
shift_reads.100: wait: 100 % for 0 s: the gate is taken to pass
cutover: wait for 2 approvals, none by who begins it
prove_reverse.state: write a mark of our own into the state of eu-central-1
close_source.state: close the state pen of us-east-1 and its 64 fences
open_target.state: wait: eu-central-1 opens no sooner than 2 s after the close
open_target.state: open the state pen of eu-central-1 and its 64 fences, in epoch 2
start_target.state: send a mark of our own of state through us-east-1
start_target.state: send a mark of our own of state through eu-central-1
prove_reverse.commands: write a mark of our own into the commands of eu-central-1
close_source.commands: close the commands pen of us-east-1 and its 64 fences
open_target.commands: wait: eu-central-1 opens no sooner than 2 s after the close
open_target.commands: open the commands pen of eu-central-1 and its 64 fences, in epoch 2
start_target.commands: send a mark of our own of commands through us-east-1
start_target.commands: send a mark of our own of commands through eu-central-1
""".strip().splitlines()
BACK = """
open_target.state: bar the state pen of eu-central-1 against acts that are still under way
close_source.state: open the state pen of us-east-1 and its 64 fences, in epoch 1
shift_reads.100: send 0 % of the reads of origin.trading.example to eu-central-1
add_route: take the record of eu-central-1 and its health check away
replicate_store.history: take the copy of history in eu-central-1 away
replicate_store.commands: take the copy of commands in eu-central-1 away
replicate_store.state: take the copy of state in eu-central-1 away
connect_apis: delete the parameter of us-east-1 that names the other side's API
connect_apis: delete the parameter of eu-central-1 that names the other side's API
deploy_target: delete the stack api in eu-central-1 with everything in it
deploy_target: delete the stack tables in eu-central-1 with everything in it
adopt_source: give tables back
""".strip().splitlines()


def dry(config: Trading = SHORT, begins: float = EVENING) -> DryRun:
    """A walk over two stacks."""
    return DryRun(config, ("tables", "api"), begins)


def told(walk: DryRun) -> list[str]:
    """Who would do what."""
    return [f"{line.step}: {line.what}" for line in walk.lines]


def test_every_act_is_told_in_order() -> None:
    """The whole plan, to the letter."""
    walk = dry()
    walk.run()
    assert told(walk) == GOLDEN


def test_times_are_the_plans_own() -> None:
    """A bake takes as long as the configuration says, and 1 % more; nothing else takes any time."""
    at = {line.step: line.at_s for line in dry().run()}
    bake = SHORT.shift.bake_seconds
    assert at["add_route"] == at["shift_reads.5"] == 0
    assert bake <= at["shift_reads.100"] <= 1.01 * bake + SHORT.engine.tick_seconds
    assert at["open_target.state"] - at["close_source.state"] <= SHORT.pens.budget_seconds


def test_it_is_the_plan_that_would_be_run() -> None:
    """The same hash as over the live adapters: what was read is what is approved and done."""
    clock = Clock()
    live = Migration(Clients(), SHORT, CONFIG.parent / "templates", clock, clock.sleep)
    assert dry().plan.hash == live.plan().hash


def test_a_market_that_moves_is_shown_as_it_would_be_moved() -> None:
    """The same hash as over the live adapters; its feeds, its ends and its readers are told, in this order."""
    moving = trading(MOVING)
    clock, walk = Clock(), dry(moving)
    assert walk.plan.hash == Migration(Clients(), moving, CONFIG.parent / "templates", clock, clock.sleep).plan().hash
    said = [line.what for line in walk.run()]
    acts = (
        f"set the ingest address of {SOURCE} to {TARGET}",
        f"put an end marker into every shard of the live stream of {SOURCE}",
        f"let the transform of {TARGET} read its live stream",
        f"let the transform of {SOURCE} read its live stream no more",
    )
    assert [act for act in said if act in acts] == list(acts)


def test_a_database_that_moves_is_shown_as_it_would_be_moved() -> None:
    """The same hash as over the live adapters; closed, switched, proved back, opened, and its copy is the stacks' to make."""
    moving = trading({"shift": {"weights": [100]}, "database": {"moves": True}})
    clock, walk = Clock(), dry(moving)
    assert walk.plan.hash == Migration(Clients(), moving, CONFIG.parent / "templates", clock, clock.sleep).plan().hash
    walk.run()
    assert [line for line in told(walk) if "effects" in line or "database" in line or "secret" in line] == [
        f"close_target.effects: close the effects pen of {TARGET} and the row in their database",
        f"replicate_store.secret: begin to copy secret from {SOURCE} to {TARGET}",
        "verify_store.database: compare every key and value of database on both sides",
        f"close_source.effects: close the effects pen of {SOURCE} and the row in their database",
        f"switch_database: switch the database's writer from {SOURCE} to {TARGET} as planned",
        f"prove_reverse.effects: write a mark of our own into the effects of {TARGET}",
        f"open_target.effects: wait: {TARGET} opens no sooner than 2 s after the close",
        f"open_target.effects: open the effects pen of {TARGET} and the row in their database, in epoch 2",
        f"start_target.effects: send a mark of our own of effects through {SOURCE}",
        f"start_target.effects: send a mark of our own of effects through {TARGET}",
    ]


def test_the_calendar_is_waited_for() -> None:
    """A freeze of weeks is over in a moment, and what would be waited for is told."""
    freeze = {"first": date(2026, 11, 20), "last": date(2026, 12, 4), "reason": "month end"}
    lines = dry(trading({"shift": {"weights": [100]}, "calendar": {"freezes": [freeze]}})).run()
    waits = [line for line in lines if "does not begin" in line.what]
    shifts = next(line for line in lines if line.what.startswith("send"))
    frozen = "frozen until the end of 2026-12-04 (America/New_York): month end"
    assert waits[0].what == f"wait: shift_reads.100 does not begin: {frozen}"
    assert 14.25 * 86_400 <= shifts.at_s <= 1.05 * 14.25 * 86_400


def broken_off(call: str) -> DryRun:
    """A walk that ends where the target should open: before its intent, or between intent and act."""
    walk = dry()
    opening = walk.plan.phase_of("open_target.state").steps[3]

    def no(*_: object) -> None:
        raise Refused(HERE, opening.name, "it is broken off here")

    object.__setattr__(opening, call, no)
    with pytest.raises(Refused, match=r"open_target.state was refused in the dry run: .* broken off here"):
        walk.run()
    return walk


def back_again(walk: DryRun) -> list[str]:
    """What is told on the way back."""
    forward = len(walk.lines)
    while walk.engine.advance() is not Tick.ENDED:
        walk._now += 1
    assert walk.journal.progress.outcome is Outcome.ROLLED_BACK
    return told(walk)[forward:]


def test_going_back_is_told_too() -> None:
    """Every act has its opposite, last one first."""
    walk = broken_off("before")
    walk.journal.ask(Ask.ABORT, "only to see")
    assert back_again(walk) == BACK[1:]


def test_a_move_that_unwinds_bars_the_target_first() -> None:
    """Past its budget it goes back by itself, through its phase."""
    assert back_again(broken_off("apply")) == BACK[:2]


def test_an_open_target_is_not_barred() -> None:
    """As in the real world: past the pivot there is no way back, and nothing is told."""
    walk = dry()
    walk.run()
    opening = walk.plan.phase_of("open_target.state").steps[3]
    done, context = len(walk.lines), walk.engine._context(opening, Verb.REVERT)
    assert opening.revert(context).state is State.FAILED
    assert len(walk.lines) == done


def test_a_heartbeat_is_told() -> None:
    """The engine's runner writes it, not a step; it is no secret either."""
    said: list[str] = []
    copy = Copy(said.append, "state", Pair(Region("us-east-1"), Region("eu-central-1")))
    copy.beat()
    assert (said, copy.lag()) == (["write a heartbeat of state in us-east-1"], None)
