"""A plan as an operator reads and approves it, and what makes it another plan."""

import pytest
from tests.unit.migrate.toys import Toy, row

from landbridge.migrate.pens import place
from landbridge.migrate.plan import Plan
from landbridge.migrate.progress import Progress
from landbridge.migrate.record import FIRST_PREVIOUS, Kind, Record
from landbridge.migrate.step import Verb
from landbridge.model.pen import Domain
from landbridge.model.region import Region

PLAN = Plan("toys", row(("one", [Toy("a"), Toy("b")]), ("two", [Toy("c")])))


def test_a_plan_is_read_in_order() -> None:
    """Phase, step, sentence."""
    assert PLAN.sentences() == ["one: a: switch a on", "one: b: switch b on", "two: c: switch c on"]
    assert [step.name for step in PLAN.steps()] == ["a", "b", "c"]
    assert [PLAN.phase_of(step).name for step in "abc"] == ["one", "one", "two"]


@pytest.mark.parametrize(
    "other",
    [
        Plan("other", PLAN.phases),
        Plan("toys", PLAN.phases[:1]),
        Plan("toys", PLAN.phases[::-1]),
        Plan("toys", row(("one", [Toy("a")]), ("two", [Toy("b"), Toy("c")]))),
    ],
)
def test_another_plan_has_another_hash(other: Plan) -> None:
    """Its name, its steps, their order, and where the phases end."""
    assert other.hash != PLAN.hash
    assert Plan("toys", PLAN.phases).hash == PLAN.hash


def _record(number: int, kind: Kind, step: str = "", **data: object) -> Record:
    return Record(number, FIRST_PREVIOUS, kind, 1, "one", 1000.0 + number, step, "", data)


def test_openings_are_remembered_over_all_runs() -> None:
    """A late act of an older run is as dangerous as one of this run; all else begins anew."""
    pen = place(Domain.STATE, Region("us-east-1"))
    progress = Progress()
    progress = progress.take(_record(1, Kind.INTENT, "close", verb="revert", before={}, opens=pen))
    progress = progress.take(_record(2, Kind.PLAN, hash="h", name="again"))
    assert (progress.last_opening(pen), progress.last_opening("state@nowhere")) == (1, 0)
    assert progress.intents("close", Verb.REVERT) == ()


def test_an_act_that_may_arrive_yet_outlasts_its_run() -> None:
    """A new run sends nothing into it either."""
    progress = Progress().take(_record(1, Kind.FOUND, "a", state="waiting", may_arrive_s=30.0))
    assert progress.take(_record(2, Kind.PLAN, hash="h", name="again")).settles_at == 1031.0


def test_what_a_look_found_is_told_with_its_figures() -> None:
    """The newest look; nothing before the first."""
    progress = Progress()
    assert (progress.figures("a"), progress.found_done("a"), progress.began("a")) == ({}, None, None)
    progress.take(_record(1, Kind.FOUND, "a", state="done", began=900.0, compared=7))
    assert progress.figures("a")["compared"] == 7
    assert (progress.found_done("a"), progress.began("a")) == (1001.0, 900.0)


def test_an_intent_undoes_done_unless_it_repairs() -> None:
    """What is applied anew must be found done anew; a setting that is only set again was judged before."""
    progress = Progress()
    progress.take(_record(1, Kind.FOUND, "a", state="done"))
    progress.take(_record(2, Kind.INTENT, "a", verb="apply", before={}, opens=None, repair=True))
    assert progress.found_done("a") == 1001.0
    progress.take(_record(3, Kind.INTENT, "a", verb="apply", before={}, opens=None, repair=False))
    assert (progress.found_done("a"), progress.began("a")) == (None, None)


def test_a_step_that_went_back_is_not_done() -> None:
    """Until it is found done again; going forward takes it up anew."""
    progress = Progress()
    progress.take(_record(1, Kind.INTENT, "a", verb="apply", before={"on": False}, opens=None))
    progress.take(_record(2, Kind.FOUND, "a", state="done"))
    progress.take(_record(3, Kind.REVERTED, "a"))
    assert (progress.found_done("a"), progress.reverted) == (None, {"a"})
    progress.take(_record(4, Kind.INTENT, "a", verb="apply", before={"on": True}, opens=None))
    assert (progress.reverted, progress.before["a"]) == (set(), {"on": False})
