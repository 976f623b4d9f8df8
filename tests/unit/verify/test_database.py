"""The parts of a database's comparison that need no server."""

import struct
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes import Clock

from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.postgres.changes import Decoding
from landbridge.verify.postgres.digest import form_of
from landbridge.verify.postgres.pace import Pace
from landbridge.verify.postgres.position import Elapsed, Replay
from landbridge.verify.postgres.reading import Found
from landbridge.verify.postgres.schema import Column, Table
from landbridge.verify.postgres.server import Server
from landbridge.verify.postgres.settle import Look
from landbridge.verify.postgres.work import Work, WorkFile

FOUND = Difference("database", "public.t 1", Side.TARGET, Kind.CHANGED)


@dataclass
class Standing(Server):
    """A server that answers one thing."""

    answer: str = ""

    def ask(self, query: object, params: object = ()) -> list[tuple[str]]:
        """It."""
        del query, params
        return [(self.answer,)]


@pytest.mark.parametrize(
    ("inserted", "said"),
    [
        ("0/2000018", "0/2000000"),  # behind a page's header
        ("3/1000028", "3/1000000"),  # behind a segment's longer one
        ("0/2000028", "0/2000000"),
        ("0/2002028", "0/2002028"),
        ("0/2000128", "0/2000128"),
        ("A/FFFFFF10", "A/FFFFFF10"),
    ],
)
def test_a_position_is_one_that_a_standby_can_reach(inserted: str, said: str) -> None:
    """No record ends behind a header, so no standby ever says it was just there."""
    server = Standing(Side.SOURCE, "", 1.0, answer=inserted)
    assert Replay(Pair(server, server)).position() == said


def test_where_nobody_knows_the_position_time_must_pass() -> None:
    """All of it."""
    clock = Clock()
    elapsed = Elapsed(30.0, clock)
    position = elapsed.position()
    clock.sleep(29.9)
    assert not elapsed.reached(position)
    clock.sleep(0.2)
    assert elapsed.reached(position)


def test_a_statement_grows_or_shrinks_towards_its_length() -> None:
    """At most fourfold at once; never to nothing."""
    pace = Pace(0.5, 1.0, Clock(), Clock().sleep)
    steps = []
    for seconds in (0.01, 0.01, 0.1, 0.5, 2.0, 500.0):
        pace.took(seconds, pace.step)
        steps.append(pace.step)
    assert steps == [4, 16, 64, 64, 16, 1]


def test_a_server_is_at_work_for_no_more_than_its_share() -> None:
    """A quarter of the time: three times as long a rest as the work took."""
    clock = Clock()
    pace, began = Pace(0.5, 0.25, clock, clock.sleep), clock()
    pace.took(0.4, 1)
    pace.rest()
    assert clock() - began == pytest.approx(1.2)


def test_a_statement_that_is_cancelled_asks_for_less_until_there_is_none() -> None:
    """A single range that takes too long is the operator's to settle."""
    pace = Pace(0.5, 1.0, Clock(), Clock().sleep)
    assert pace.too_slow(16)
    assert pace.step == 4
    assert not pace.too_slow(1)


def row(value: int, version: str) -> Found:
    """One row as a look finds it."""
    return Found(value, ("1",), version)


LOOKS = {
    "equal": (Look(row(1, "a"), row(1, "s"), row(1, "a"), row(1, "s")), "same"),
    "arrived meanwhile": (Look(None, row(1, "s"), row(1, "a"), row(1, "s")), "same"),
    "gone from both": (Look(row(1, "a"), row(1, "s"), None, None), "same"),
    "equal to what came later": (Look(row(1, "a"), row(2, "s"), row(3, "b"), row(3, "t")), "same"),
    "source still, target another": (Look(row(0, "a"), row(1, "s"), row(2, "b"), row(1, "s")), "apart"),
    "source still, target without": (Look(None, row(1, "s"), None, row(1, "s")), "apart"),
    "source busy, target stuck": (Look(row(0, "a"), row(1, "s"), row(0, "a"), row(2, "t")), "apart"),
    "source without, target stuck": (Look(row(0, "a"), None, row(0, "a"), None), "apart"),
    "both on the move": (Look(row(0, "a"), row(1, "s"), row(2, "b"), row(3, "t")), "moving"),
    "there and gone again": (Look(None, row(1, "s"), None, row(2, "t")), "moving"),
    "written twice to the same": (Look(row(0, "a"), row(1, "s"), row(0, "b"), row(1, "t")), "moving"),
    "seen on its way out": (Look(None, None, row(1, "a"), None), "moving"),
}


@pytest.mark.parametrize("case", sorted(LOOKS))
def test_only_what_is_proved_is_called_apart(case: str) -> None:
    """Same, apart, or to be looked at again."""
    look, said = LOOKS[case]
    assert (look.same, look.apart) == (said == "same", said == "apart")


def test_work_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    """Keys as keys, differences as differences; work on anything else is not."""
    work, file = Work("this", 5.0, {"t": 10, "u": 30}, upto={"source": "0/1"}), WorkFile(tmp_path / "work.json")
    work.read_until("u", 0.5, ("7", "x"), 15, [("1", "y")])
    work.differences.append(FOUND)
    file.save(work)
    assert file.load("this") == work
    assert file.load("that") is None
    file.clear()
    assert file.load("this") is None


def test_coverage_is_by_rows_and_never_whole_when_it_was_stopped() -> None:
    """A small table that is read says little of a big one that is not."""
    work = Work("this", 5.0, {"t": 10, "u": 30})
    work.read_until("u", 0.5, ("7",), 15, [])
    assert work.coverage == pytest.approx(15 / 40)
    work.read_until("u", 1.0, None, 15, [])
    work.read_until("t", 1.0, None, 10, [("1",)])
    assert work.after == {}
    stopped = work.result(6.0, "the target went away")
    assert stopped.coverage < 1
    assert stopped.notes == ("1 keys differed at first sight and were not looked at again",)


def message(kind: bytes, *parts: bytes) -> bytes:
    """A message of `pgoutput` on relation 9."""
    return kind + struct.pack("!I", 9) + b"".join(parts)


def values(mark: bytes, *each: str | None) -> bytes:
    """A row as it travels."""
    texts = [b"n" if text is None else b"t" + struct.pack("!I", len(text.encode())) + text.encode() for text in each]
    return mark + struct.pack("!H", len(each)) + b"".join(texts)


RELATION = message(
    b"R",
    b"public\0t\0",
    b"d",
    struct.pack("!H", 2),
    b"\1id\0" + struct.pack("!Ii", 23, -1),
    b"\0v\0" + struct.pack("!Ii", 25, -1),
)


def test_keys_are_read_from_what_a_server_tells() -> None:
    """New, changed with the key it had, gone; of tables nobody asked about nothing."""
    told = [
        b"B" + b"\0" * 20,
        RELATION,
        message(b"I", values(b"N", "1", "é")),
        message(b"U", values(b"K", "2", None), values(b"N", "3", None)),
        message(b"D", values(b"K", "4", None)),
    ]
    assert Decoding({"public.t": ("id",)}, ()).keys_of(told) == {"public.t": {("1",), ("2",), ("3",), ("4",)}}
    assert Decoding({}, ("public.t",)).keys_of(told) == {}


def test_what_keys_can_not_tell_is_no_answer() -> None:
    """A table that was emptied, and one that is neither compared nor left out: a partition told by its own name."""
    assert Decoding({"public.t": ("id",)}, ()).keys_of([RELATION, b"T" + b"\0" * 9]) is None
    assert Decoding({}, ()).keys_of([RELATION, message(b"I", values(b"N", "1", None))]) is None


def table(order: str) -> Table:
    """A table with a text for its key."""
    return Table(
        "public", "t", partitioned=False, rows=1, pages=1, size=1, columns=(Column("id", "text", 1, order, plain=False),)
    )


@pytest.mark.parametrize(
    ("source", "target", "ordered"), [("i:de:153", "i:de:153", True), ("i:de:153", "i:de:154", False), ("C", "c:de", False)]
)
def test_ranges_of_keys_are_trusted_only_where_both_sides_sort_alike(source: str, target: str, ordered: bool) -> None:  # noqa: FBT001
    """The same rules of the same version."""
    server = Server(Side.SOURCE, "", 1.0)
    assert form_of(Pair(table(source), table(target)), Pair(server, server), Pair(18, 18)).ordered is ordered
