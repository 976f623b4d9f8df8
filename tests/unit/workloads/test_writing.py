"""A write is accepted where the pen is, once, or held; every way it can go."""

import pytest
from tests.unit.workloads.fakes import a_write, two_regions

from landbridge.model.pen import Epoch, PenState
from landbridge.model.state import StateItem
from landbridge.workloads.trading.ports import Answer, Closed, Conflict, Unknown
from landbridge.workloads.trading.state import Outcome


def test_open_here_is_committed_here_with_the_fences_epoch() -> None:
    """One item, one receipt, the region and epoch told, no word to the other side."""
    source, _ = two_regions()
    answer = source.write(a_write())
    assert (answer.status, answer.body) == (200, {"version": 1, "write_id": "a", "region": "source", "epoch": 1})
    assert (len(source.store.items), len(source.store.receipts), source.forwarded) == (1, 1, 0)


def test_the_same_write_again_is_told_the_same_and_leaves_no_second_receipt() -> None:
    """Repeating is harmless."""
    source, _ = two_regions()
    assert source.write(a_write()) == source.write(a_write())
    assert len(source.store.receipts) == 1


@pytest.mark.parametrize("version", [1, 2])
def test_not_newer_under_another_id_is_refused_with_what_stands(version: int) -> None:
    """A lower version or the same one under another id: 409 and the current item."""
    source, _ = two_regions()
    source.write(a_write(2, "a"))
    answer = source.write(a_write(version, "b"))
    assert (answer.status, answer.body["current"]["write_id"]) == (409, "a")


def test_closed_here_is_forwarded_and_the_others_answer_is_the_answer() -> None:
    """The side without the pen passes on what the holder says, acceptance and refusal alike."""
    source, target = two_regions()
    assert target.write(a_write()).body["region"] == "source"
    assert target.write(a_write(1, "b")).status == 409
    assert target.store.items == {}
    assert len(source.store.items) == 1


def test_a_forwarded_write_is_never_forwarded_again() -> None:
    """Closed and hopped: 421 at once, without a word to the other side."""
    _, target = two_regions()
    assert target.write(a_write(), hop=True).status == 421
    assert (target.forwarded, target.time.now) == (0, 1000.0)


def test_no_fence_at_all_counts_as_closed() -> None:
    """A region whose pens were never written accepts nothing."""
    _, target = two_regions()
    target.store.pen = None
    assert target.write(a_write(), hop=True).status == 421
    assert target.write(a_write()).body["region"] == "source"


def test_both_closed_holds_until_one_opens() -> None:
    """Held, then committed by whichever side opens, with that side's epoch."""
    source, target = two_regions()
    source.store.set(PenState.CLOSED, 1)
    source.time.later(5, lambda: target.store.set(PenState.OPEN, 2))
    answer = source.write(a_write())
    assert (answer.status, answer.body["region"], answer.body["epoch"]) == (200, "target", 2)
    assert 5 <= source.time.now - 1000 < 6


def test_a_move_that_unwinds_finishes_held_writes_at_the_source() -> None:
    """Reopened where it was: the held write is committed there."""
    source, _ = two_regions()
    source.store.set(PenState.CLOSED, 1)
    source.time.later(5, lambda: source.store.set(PenState.OPEN, 1))
    assert source.write(a_write()).body["region"] == "source"


def test_nobody_opens_ends_in_503_after_the_hold() -> None:
    """20 seconds in all, then come again; nothing was written."""
    source, target = two_regions()
    source.store.set(PenState.CLOSED, 1)
    answer = source.write(a_write())
    assert (answer.status, answer.headers, answer.why) == (503, {"retry-after": "1"}, "closed")
    assert 20 <= source.time.now - 1000 < 20.5
    assert source.store.items == target.store.items == {}


def test_the_other_side_out_of_reach_is_held_too() -> None:
    """No answer is no refusal: when the line comes back within the hold, the write is accepted."""
    _, target = two_regions()
    target.line_up = False
    target.time.later(3, lambda: setattr(target, "line_up", True))
    assert target.write(a_write()).status == 200


@pytest.mark.parametrize("status", [403, 404, 421, 429, 500, 502, 503, 504])
def test_what_only_a_gateway_says_settles_nothing(status: int) -> None:
    """Whatever the other side's own code didn't say is retried with the same id."""
    _, target = two_regions()
    target.canned = [Answer(status, {"message": "from a gateway"})]
    assert target.write(a_write()).body["region"] == "source"
    assert target.forwarded == 2


def test_a_recalled_fence_only_routes() -> None:
    """Believed open for a second more: the commit finds it closed, the write goes where the pen is, nothing lands here."""
    source, target = two_regions()
    source.write(a_write(1))
    source.store.set(PenState.CLOSED, 1)
    target.store.set(PenState.OPEN, 2)
    answer = source.write(a_write(2, "b"))
    assert (answer.body["region"], answer.body["epoch"]) == ("target", 2)
    assert source.time.now == 1000.0  # no hold: the other side was asked at once


def test_a_recalled_fence_of_an_old_epoch_is_looked_at_again() -> None:
    """Closed and opened again meanwhile with a newer epoch: committed here, with the newer one."""
    source, _ = two_regions()
    source.write(a_write(1))
    source.store.set(PenState.OPEN, 3)
    answer = source.write(a_write(2, "b"))
    assert (answer.body["region"], answer.body["epoch"], source.forwarded) == ("source", 3, 0)


def test_an_open_fence_is_looked_at_once_a_second() -> None:
    """Recalled within a second, looked at again after it; a closed one is never recalled."""
    source, target = two_regions()
    for version in range(1, 4):
        source.write(a_write(version, f"w{version}"))
    assert source.store.looks == 1
    source.time.now += 1.0
    source.write(a_write(4, "d"))
    assert source.store.looks == 2
    target.write(a_write(5, "e"))
    target.write(a_write(6, "f"))
    assert target.store.looks == 2


def test_a_conflict_is_retried_and_never_read_as_closed() -> None:
    """Two transactions met: again after a moment, still here."""
    source, _ = two_regions()
    source.store.answers = [Conflict(), Conflict()]
    assert source.write(a_write()).body["region"] == "source"
    assert source.forwarded == 0
    assert 0 < source.time.now - 1000 < 0.5


def test_a_lost_answer_is_asked_again_and_told_the_truth() -> None:
    """Committed, but the answer was lost: the retry finds its own write id, 200, one receipt."""
    source, _ = two_regions()
    source.store.lost_answers = 1
    assert source.write(a_write()).status == 200
    assert len(source.store.receipts) == 1


def test_a_lost_answer_followed_by_a_move_is_answered_by_the_new_holder() -> None:
    """The item was proved at the target before it opened: there the same write id answers 200."""
    source, target = two_regions()
    source.store.lost_answers = 1

    def move() -> None:
        source.store.set(PenState.CLOSED, 1)
        target.store.items.update(source.store.items)
        target.store.set(PenState.OPEN, 2)

    source.time.later(0.1, move)
    answer = source.write(a_write())
    assert (answer.status, answer.body["region"], answer.body["epoch"]) == (200, "target", 1)
    assert target.store.receipts == []


@pytest.mark.parametrize("outcome", [Unknown("Timeout"), Conflict()])
def test_never_known_ends_in_503_with_the_stores_word(outcome: Outcome) -> None:
    """Still unknown at the end of the hold: 503, and the log gets the kind of it."""
    source, _ = two_regions()
    source.store.answers = [outcome] * 1000
    answer = source.write(a_write())
    assert (answer.status, answer.why) == (503, "Timeout" if isinstance(outcome, Unknown) else "conflict")
    assert "id" not in answer.why


def test_a_forwarded_write_is_given_up_before_its_sender_stops_listening() -> None:
    """On a hop the retries end after 2 seconds."""
    source, _ = two_regions()
    source.store.answers = [Unknown()] * 1000
    assert source.write(a_write(), hop=True).status == 503
    assert 2 <= source.time.now - 1000 < 2.5


def test_a_frozen_handler_commits_nothing() -> None:
    """It believed the fence open, slept for a minute while the pen moved, and its commit changes nothing."""
    source, target = two_regions()
    fence = source.routes.recall("user")
    assert fence is not None
    source.store.set(PenState.CLOSED, 1)
    target.store.set(PenState.OPEN, 2)
    assert source.store.commit(a_write().at(fence.epoch), 0, source.time.now) == Closed()
    assert source.store.receipts == []


def test_an_item_of_a_newer_epoch_is_never_overwritten_by_a_seized_side() -> None:
    """Seized from but still open: the newer epoch's item stands, the write goes to who took over, or waits."""
    source, target = two_regions()
    newer = StateItem("user", "view", 4, "t", Epoch(2), "of the target")
    source.store.items[newer.key] = newer
    target.line_up = source.line_up = False
    assert source.write(a_write(5, "s")).status == 503
    assert source.store.items[newer.key] == newer
    target.store.set(PenState.OPEN, 2)
    source.line_up = True
    assert source.write(a_write(5, "s")).body["region"] == "target"
    assert source.write(a_write(5, "s"), hop=True).status == 421
    assert source.write(a_write(4, "t")).status == 200
    assert source.write(a_write(3, "u")).status == 409


def test_a_clock_that_went_back_recalls_nothing() -> None:
    """A fence seen 'in the future' is looked at again."""
    source, _ = two_regions()
    source.write(a_write(1))
    source.time.now -= 100
    source.write(a_write(2, "b"))
    assert source.store.looks == 2
