"""The status names where a run stands, what an operator may do, and what would bring it on: by the same rules as the engine."""

import json

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.plan import Phase
from landbridge.migrate.progress import Outcome
from landbridge.migrate.status import Next, Status, lines, status
from landbridge.migrate.step import Seen, State


def bench() -> Bench:
    """A phase of one step, and one that needs an approval."""
    return Bench(row(("shift", [Toy("five")]), ("cut", [Toy("close", pivot=True)]), cut=1))


def seen(of: Bench, who: str = "ben") -> Status:
    """As this person sees it, just read."""
    reader = of.another(who)
    reader.journal.refresh()
    return status(reader.plan, reader.journal, "runs/mine", who)


def test_before_anything_was_begun_it_says_how_to_begin() -> None:
    """Nothing may be decided yet."""
    told = seen(bench())
    assert (told.next.command, told.may, told.engine.alive) == ("landbridge migrate runs/mine", (), False)
    assert next(lines(told, {})) == "nothing was begun yet"


def test_what_waits_for_people_names_their_command() -> None:
    """The first phase that lacks approvals; who began the plan may not give one."""
    waiting = bench()
    waiting.run()
    told = seen(waiting)
    assert told.next.command == "landbridge approve runs/mine cut"
    assert (told.may, told.engine.alive) == (("pause", "abort", "approve cut"), True)
    assert seen(waiting, "ada").may == ("pause", "abort")
    assert [(each.name, each.done, each.steps, each.needs) for each in told.phases] == [("shift", 0, 1, 0), ("cut", 0, 1, 1)]


def test_a_decision_nobody_heard_is_shown() -> None:
    """So that nobody says it again."""
    waiting = bench()
    waiting.run()
    waiting.ask("pause")
    assert seen(waiting).unanswered == ("pause by ben",)
    waiting.run()
    told = seen(waiting)
    assert (told.unanswered, told.paused, told.next.command) == ((), True, "landbridge resume runs/mine")


def test_a_hold_is_told_with_its_step() -> None:
    """Resume is what brings it on, before any approval."""
    waiting = Bench(row(("shift", [Toy("five", sees=Seen(State.WAITING, "not yet")), Toy("ten")])))
    waiting.run()
    waiting.ask("hold", "five")
    waiting.run()
    assert (seen(waiting).held_at, seen(waiting).next.why) == ("five", "held at five")
    assert "goes forward at five, held at five: not yet" in list(lines(seen(waiting), {}))


def test_a_dead_engine_is_not_shown_as_alive() -> None:
    """Its lease has run out: the next command takes over."""
    waiting = bench()
    waiting.run()
    waiting.clock.now += 7
    told = seen(waiting)
    assert (told.engine.alive, told.next.command) == (False, "landbridge migrate runs/mine --resume")


@pytest.mark.parametrize("decision", ["approve", "abort"])
def test_an_end_says_what_can_follow(decision: str) -> None:
    """Done: the way home; rolled back: begin anew."""
    waiting = bench()
    waiting.run()
    waiting.ask(decision, "cut" if decision == "approve" else "")
    waiting.run()
    told = seen(waiting)
    done = decision == "approve"
    assert told.outcome == (Outcome.DONE if done else Outcome.ROLLED_BACK)
    assert told.next.command == ("" if done else "landbridge migrate runs/mine")
    assert told.may == ()


@pytest.mark.parametrize(("name", "verb"), [("retire us-east-1", "retire"), ("failback a to b", "failback"), ("toys", "migrate")])
def test_a_dead_engine_is_followed_by_the_same_verb(name: str, verb: str) -> None:
    """A plan is gone on with as it was begun."""
    waiting = bench()
    made = waiting.another("engine", name)
    waiting.run(made)
    waiting.clock.now += 7
    made.journal.refresh()
    assert status(made.plan, made.journal, "runs/mine", "ben").next.command == f"landbridge {verb} runs/mine --resume"


def test_after_the_end_of_a_source_there_is_no_way_home() -> None:
    """And nobody is told of one."""
    last = Bench((Phase("retire", (Toy("gone"),), final=True),))
    last.run()
    assert seen(last).next == Next("", "it is done, and there is no way back")


def test_as_data_it_can_be_written_as_json() -> None:
    """With nothing of Python in it."""
    waiting = bench()
    waiting.run()
    told = json.loads(json.dumps(seen(waiting).data()))
    assert told["next"]["command"] == "landbridge approve runs/mine cut"
    assert told["phases"][1] == {"name": "cut", "done": 0, "steps": 1, "needs": 1, "approved_by": []}


def test_what_was_measured_is_told_by_place() -> None:
    """In the words it was given in."""
    assert "us-east-1: Weight 75" in list(lines(seen(bench()), {"us-east-1": "Weight 75"}))
