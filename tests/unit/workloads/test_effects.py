"""Accepted commands become effects: in order, once, where the pen is, whichever side accepted them."""

import pytest
from tests.unit.workloads.effect_fakes import MemoryCopy, MemoryDatabase, a_pen, an_item

from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.workloads.trading.effects import Swept, sweep


def _round(copy: MemoryCopy, database: MemoryDatabase, pen: Pen | None = None) -> Swept:
    return sweep(region="here", pen=pen or a_pen(), copy=copy, database=database)


def _done(database: MemoryDatabase) -> list[tuple[str, int]]:
    return [(item.user, item.number) for _, item in database.effects]


def test_every_head_above_applied_is_reached_in_order() -> None:
    """Each user's commands from the first not applied on."""
    copy, database = MemoryCopy(), MemoryDatabase("here", numbers={"bob": 2})
    copy.bring(an_item(2), an_item(1), *(an_item(number, "bob") for number in (1, 2, 3)))
    assert _round(copy, database) == Swept(applied=3)
    assert _done(database) == [("ada", 1), ("ada", 2), ("bob", 3)]


def test_a_number_that_has_not_arrived_waits_and_holds_nobody_else() -> None:
    """What lies behind it waits too; other users go on; when it arrives, all of it is done."""
    copy, database = MemoryCopy(), MemoryDatabase("here")
    copy.bring(an_item(1), an_item(3), an_item(1, "bob"))
    assert _round(copy, database) == Swept(applied=2, waiting=1)
    copy.bring(an_item(2))
    assert _round(copy, database) == Swept(applied=2)
    assert _done(database) == [("ada", 1), ("bob", 1), ("ada", 2), ("ada", 3)]


def test_a_command_beyond_the_head_is_not_applied() -> None:
    """Its head may never come: a lost side may have left it."""
    copy, database = MemoryCopy({("ada", 1): an_item(1), ("ada", 2): an_item(2)}, {"ada": 1}), MemoryDatabase("here")
    assert _round(copy, database) == Swept(applied=1)


def test_whichever_side_accepted_a_command_this_side_applies_it() -> None:
    """The command's epoch is that of its acceptance, the effect's that of the effects pen."""
    copy, database = MemoryCopy(), MemoryDatabase("here", Epoch(2))
    copy.bring(an_item(1, epoch=1), an_item(2, epoch=5))
    assert _round(copy, database, a_pen(epoch=2)) == Swept(applied=2)


@pytest.mark.parametrize("pen", [None, a_pen(PenState.CLOSED)])
def test_without_the_pen_nothing_is_done(pen: Pen | None) -> None:
    """Not even asked: the pen routes."""
    copy, database = MemoryCopy(), MemoryDatabase("here")
    copy.bring(an_item(1))
    assert sweep(region="here", pen=pen, copy=copy, database=database) == Swept(why="the pen is not open here")
    assert database.effects == []


def test_an_old_pen_does_nothing_because_the_row_decides() -> None:
    """Believed open here; the row is another's, or of another epoch: the round ends at the first refusal."""
    copy = MemoryCopy()
    copy.bring(an_item(1), an_item(1, "bob"))
    for database in (MemoryDatabase("there"), MemoryDatabase(None), MemoryDatabase("here", Epoch(2))):
        assert _round(copy, database) == Swept(why="the fence row is not open for this region")
        assert database.effects == []


def test_a_silent_database_is_left_alone_until_the_next_round() -> None:
    """None is no empty database: nothing is begun from number 1."""
    copy, database = MemoryCopy(), MemoryDatabase("here", silent=True)
    copy.bring(an_item(1))
    assert _round(copy, database) == Swept(why="the database does not answer")


def test_a_lost_answer_is_found_applied_by_the_next_round() -> None:
    """Done once; the user waits for the next round, the others do not."""
    copy, database = MemoryCopy(), MemoryDatabase("here", lost=1)
    copy.bring(an_item(1), an_item(2), an_item(1, "bob"))
    assert _round(copy, database) == Swept(applied=1, waiting=1)
    assert _round(copy, database) == Swept(applied=1)
    assert _done(database) == [("ada", 1), ("bob", 1), ("ada", 2)]
