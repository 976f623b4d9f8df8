"""A command is accepted where the pen is, once, under the number that is next; every way it can go."""

import pytest
from tests.unit.workloads.command_fakes import a_command, two_command_regions

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch, PenState
from landbridge.workloads.trading.commands import CommandOutcome, Expected
from landbridge.workloads.trading.ports import Answer, Closed, Conflict, Unknown


def test_the_next_number_is_accepted_with_the_fences_epoch() -> None:
    """One command, one receipt, told with epoch and region; no word to the other side."""
    source, _ = two_command_regions()
    answer = source.write(a_command())
    told = {"user": "user", "number": 1, "key": "a", "epoch": 1, "region": "source"}
    assert (answer.status, answer.body) == (200, told)
    assert (len(source.store.commands), len(source.store.receipts), source.forwarded) == (1, 1, 0)


@pytest.mark.parametrize("number", [1, 2, 7])
def test_a_known_key_returns_its_first_answer_whatever_number_it_is_sent_with(number: int) -> None:
    """Repeating is harmless, and leaves no second receipt."""
    source, _ = two_command_regions()
    first = source.write(a_command(1, "a"))
    assert source.write(a_command(number, "a")) == first
    assert len(source.store.receipts) == 1


@pytest.mark.parametrize("number", [1, 3, 9])
def test_another_number_than_the_next_is_refused_with_the_one_expected(number: int) -> None:
    """Too low or too high under a new key: 409, and nothing is kept."""
    source, _ = two_command_regions()
    source.write(a_command(1, "a"))
    answer = source.write(a_command(number, "b"))
    assert (answer.status, answer.body["expected"]) == (409, 2)
    assert list(source.store.commands) == [("user", 1)]


def test_each_user_has_numbers_and_keys_of_its_own() -> None:
    """The same number and key of two users are two commands."""
    source, _ = two_command_regions()
    assert [source.write(a_command(1, "a", user)).status for user in ("ada", "bob")] == [200, 200]
    assert len(source.store.commands) == 2


def test_closed_here_is_forwarded_and_the_others_answer_is_the_answer() -> None:
    """The side without the pen passes on acceptance, first answers and refusals alike."""
    source, target = two_command_regions()
    assert target.write(a_command(1, "a")).body["region"] == "source"
    assert target.write(a_command(5, "a")).body["number"] == 1
    assert target.write(a_command(5, "b")).body["expected"] == 2
    assert (target.store.commands, len(source.store.commands)) == ({}, 1)


def test_a_forwarded_command_is_never_forwarded_again() -> None:
    """Closed and hopped: 421 at once, without a word to the other side."""
    _, target = two_command_regions()
    assert target.write(a_command(), hop=True).status == 421
    assert (target.forwarded, target.time.now) == (0, 1000.0)


def test_both_closed_holds_until_one_opens() -> None:
    """Held, then accepted by whichever side opens, with that side's epoch."""
    source, target = two_command_regions()
    source.store.set(PenState.CLOSED, 1)
    source.time.later(5, lambda: target.store.set(PenState.OPEN, 2))
    answer = source.write(a_command())
    assert (answer.status, answer.body["region"], answer.body["epoch"]) == (200, "target", 2)


@pytest.mark.parametrize(("outcome", "why"), [(Unknown("Timeout"), "Timeout"), (Conflict(), "conflict"), (Closed(), "closed")])
def test_never_settled_ends_in_503_with_the_stores_word(outcome: CommandOutcome, why: str) -> None:
    """Come again under the same key."""
    source, _ = two_command_regions()
    source.store.answers = [outcome] * 1000
    answer = source.write(a_command())
    assert (answer.status, answer.headers, answer.why) == (503, {"retry-after": "1"}, why)


def test_a_lost_answer_is_asked_again_and_told_the_truth() -> None:
    """Accepted, but the answer was lost: the retry finds its own key, 200, one receipt."""
    source, _ = two_command_regions()
    source.store.lost_answers = 1
    assert source.write(a_command()).status == 200
    assert len(source.store.receipts) == 1


def test_a_lost_answer_followed_by_a_move_is_answered_by_the_new_holder() -> None:
    """The key was proved at the target before it opened: there it returns its first answer."""
    source, target = two_command_regions()
    source.store.lost_answers = 1

    def move() -> None:
        source.store.set(PenState.CLOSED, 1)
        source.store.copy_to(target.store)
        target.store.set(PenState.OPEN, 2)

    source.time.later(0.1, move)
    answer = source.write(a_command())
    assert (answer.status, answer.body["region"], answer.body["epoch"]) == (200, "target", 1)
    assert target.store.receipts == []


def test_a_head_of_a_newer_epoch_is_never_moved_by_a_seized_side() -> None:
    """Seized from but still open: nothing is accepted here, whatever the number; the holder is asked, or it waits."""
    source, target = two_command_regions()
    source.write(a_command(1, "a"))
    source.store.heads["user"] = (1, Epoch(2))
    source.line_up = False
    assert [source.write(a_command(number, "s")).status for number in (1, 2, 3)] == [503, 503, 503]
    assert source.write(a_command(2, "s"), hop=True).status == 421
    assert (list(source.store.commands), source.store.heads["user"]) == ([("user", 1)], (1, 2))
    source.line_up = True
    target.store.set(PenState.OPEN, 2)
    target.store.heads["user"] = (1, Epoch(2))
    assert source.write(a_command(2, "s")).body["region"] == "target"


def test_what_a_lost_side_left_beyond_the_head_counts_for_nothing() -> None:
    """Command and key arrived, their head did not: the number is taken by the newer epoch, the key is new."""
    _, target = two_command_regions()
    left = CommandItem("user", 1, "a", Epoch(1), "left")
    target.store.commands["user", 1] = target.store.keys["user", "a"] = left
    target.store.set(PenState.OPEN, 2)
    assert target.write(a_command(2, "a")).body["expected"] == 1
    answer = target.write(a_command(1, "a"))
    assert (answer.status, answer.body["epoch"]) == (200, 2)
    assert target.store.commands["user", 1] == target.store.keys["user", "a"] == a_command(1, "a").at(Epoch(2))


def test_a_head_of_the_own_epoch_is_told_not_taken_for_a_lost_pen() -> None:
    """Only a newer one means that the pen is elsewhere."""
    source, _ = two_command_regions()
    source.store.answers = [Expected(4, Epoch(1)), Expected(4, Epoch(0))]
    assert [source.write(a_command()) for _ in range(2)] == [
        Answer(409, {"error": "this user's next command has another number", "expected": 4})
    ] * 2
