"""A reader never sees less than it has shown, as long as somebody has it."""

from dataclasses import dataclass

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch
from landbridge.model.state import StateItem
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.reading import command, commands, show, state


@dataclass
class Copy:
    """One region's copy in memory."""

    item: StateItem | None = None
    why: str = ""
    consistent: bool | None = None

    def current(self, user: str, view: str, *, consistent: bool = True) -> StateItem | None:
        """The one item there is."""
        self.consistent = consistent
        return None if self.why else self.item


@dataclass
class Orders:
    """One region's copy of one user's commands."""

    items: tuple[CommandItem, ...] = ()
    why: str = ""

    def head(self, user: str, *, consistent: bool) -> tuple[int, Epoch] | None:
        """The newest there is."""
        if self.why:
            return None
        return (self.items[-1].number, self.items[-1].epoch) if self.items else (0, Epoch(0))

    def command(self, user: str, number: int, *, consistent: bool = False) -> CommandItem | None:
        """By its number."""
        return next((item for item in self.items if item.number == number), None)


@dataclass
class Other:
    """The other region, which counts how often it is asked."""

    answer: Answer | None = None
    asked: int = 0

    def get(self, *path: str) -> Answer | None:
        """Its one answer."""
        self.asked += 1
        return self.answer


def _item(version: int) -> StateItem:
    return StateItem("u", "v", version, "w", Epoch(1), f"value {version}")


def _show(copy: Copy, other: Other, seen: int = 0, *, hop: bool = False) -> Answer:
    return show(state("u", "v", copy=copy, region="here"), seen, hop=hop, other=other)


def test_the_local_copy_answers_who_has_seen_nothing_newer() -> None:
    """No word to the other region; strongly consistent only for readers who have seen something."""
    copy, other = Copy(_item(3)), Other()
    assert _show(copy, other).body["version"] == 3
    assert copy.consistent is False
    assert _show(copy, other, 3).body["region"] == "here"
    assert copy.consistent is True
    assert other.asked == 0


def test_the_newer_of_both_answers_who_has_seen_more() -> None:
    """The other region is asked once; its item counts only when it is newer."""
    there = Other(Answer(200, {"version": 5, "value": "there"}))
    assert _show(Copy(_item(3)), there, 5).body["value"] == "there"
    assert _show(Copy(), there, 5).body["value"] == "there"
    assert _show(Copy(_item(4)), Other(Answer(200, {"version": 4})), 5).body["behind"] is True
    assert there.asked == 2


def test_the_local_copy_answers_when_nobody_has_more() -> None:
    """The other region is silent, or fails, or talks nonsense: what is here is shown, and said to be behind."""
    for answer in (None, Answer(404, {}), Answer(503, {"version": 9}), Answer(200, {"version": "9"})):
        shown = _show(Copy(_item(3)), Other(answer), 5)
        assert (shown.status, shown.body["version"], shown.body["behind"], shown.why) == (200, 3, True, "behind")
    assert _show(Copy(), Other(), 1).status == 404


def test_a_hopped_read_is_answered_from_here_alone() -> None:
    """Never asked on, whatever the reader has seen; read strongly consistent."""
    copy, other = Copy(_item(3)), Other()
    assert _show(copy, other, 5, hop=True).body["version"] == 3
    assert (other.asked, copy.consistent) == (0, True)


def test_nothing_is_404_and_unreadable_is_503() -> None:
    """A table that can't be read is not an empty one."""
    assert _show(Copy(), Other()).status == 404
    failed = _show(Copy(why="ReadTimeoutError"), Other())
    assert (failed.status, failed.headers["retry-after"], failed.why) == (503, "1", "ReadTimeoutError")


ORDERS = Orders((CommandItem("u", 1, "a", Epoch(1), "{}"), CommandItem("u", 2, "b", Epoch(1), "{}")))


def test_a_user_is_told_which_number_comes_next() -> None:
    """The newest accepted one and the one after it; none yet is number 0."""
    assert show(commands("u", orders=ORDERS, region="here"), 0, hop=False, other=Other()).body["next"] == 3
    assert show(commands("u", orders=Orders(), region="here"), 0, hop=False, other=Other()).body["next"] == 1


def test_a_head_older_than_the_reader_has_shown_is_asked_for_there() -> None:
    """Read-your-writes holds of commands as of state."""
    there = Other(Answer(200, {"number": 3, "next": 4}))
    assert show(commands("u", orders=ORDERS, region="here"), 3, hop=False, other=there).body["next"] == 4


def test_one_command_is_shown_or_is_not_there_or_could_not_be_read() -> None:
    """200, 404 and 503 are told apart."""
    answers = [
        show(command("u", number, orders=orders, region="here"), 0, hop=False, other=Other())
        for number, orders in ((2, ORDERS), (9, ORDERS), (2, Orders(why="Timeout")))
    ]
    assert [answer.status for answer in answers] == [200, 404, 503]
    assert answers[0].body["key"] == "b"
