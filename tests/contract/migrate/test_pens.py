"""The pens' port, as fake and as table: acts carry turns, and a late one changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.contract.migrate.tables import Tables
from tests.fakes import SOURCE, TARGET, Clock, FakePens

from landbridge.migrate.adapters.pen_table import PenTable
from landbridge.migrate.pens import Pens
from landbridge.model.errors import Overtaken, Refused, Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState, pen_key
from landbridge.model.region import Region

FENCES = 3
OPEN, CLOSED = PenState.OPEN, PenState.CLOSED
STATE, COMMANDS = Domain.STATE, Domain.COMMANDS


@dataclass
class Hand:
    """Pens under test, and a way to lay single ones past them."""

    pens: Pens
    lay: Callable[[int | None, PenState, int, int], None]

    def stands(self) -> list[tuple[str, int, int] | None]:
        """Master, then fences, of the target."""
        pens = self.pens.read(TARGET, STATE)
        each = (pens.master, *pens.fences)
        return [None if pen is None else (str(pen.state), int(pen.epoch), pen.turn) for pen in each]

    def lay_all(self, state: PenState, epoch: int, turn: int) -> None:
        """All of them alike."""
        for fence in (None, *range(FENCES)):
            self.lay(fence, state, epoch, turn)


def _fake() -> Hand:
    pens = FakePens(Clock(), FENCES)

    def lay(fence: int | None, state: PenState, epoch: int, turn: int) -> None:
        pens.pens[TARGET, STATE][fence] = Pen(state, Epoch(epoch), turn, 1.0)

    return Hand(pens, lay)


def _table(tables: Tables) -> Hand:
    pens = PenTable(tables.clients, tables.make("pens", SOURCE, TARGET), FENCES, Clock())

    def lay(fence: int | None, state: PenState, epoch: int, turn: int) -> None:
        key = {name: {"S": value} for name, value in pen_key(STATE, fence).items()}
        values = {"state": {"S": str(state)}, "epoch": {"N": str(epoch)}, "turn": {"N": str(turn)}, "since": {"S": "1.0"}}
        tables.put("pens", TARGET, {**key, **values})

    return Hand(pens, lay)


@pytest.fixture(params=["fake", "table"])
def hand(request: pytest.FixtureRequest) -> Hand:
    """One suite for both."""
    return _fake() if request.param == "fake" else _table(request.getfixturevalue("tables"))


def test_absent_pens_are_none(hand: Hand) -> None:
    """Nothing there is neither open nor closed."""
    assert hand.pens.read(TARGET, STATE) == PenSet(None, (None,) * FENCES)


def test_closing_makes_closed_pens_where_there_were_none(hand: Hand) -> None:
    """In epoch 0, under this turn, since now."""
    hand.pens.close(TARGET, STATE, 5)
    assert hand.stands() == [("closed", 0, 5)] * (1 + FENCES)
    master = hand.pens.read(TARGET, STATE).master
    assert master is not None
    assert master.since == Clock().now


def test_opening_raises_the_epoch_and_closing_keeps_it(hand: Hand) -> None:
    """Each act under a newer turn."""
    hand.pens.close(TARGET, STATE, 5)
    hand.pens.open(TARGET, STATE, Epoch(2), 6)
    assert hand.stands() == [("open", 2, 6)] * (1 + FENCES)
    hand.pens.close(TARGET, STATE, 7)
    assert hand.stands() == [("closed", 2, 7)] * (1 + FENCES)


def test_the_same_act_again_changes_nothing(hand: Hand) -> None:
    """A repeat after a lost answer is no error."""
    hand.pens.close(TARGET, STATE, 5)
    hand.pens.open(TARGET, STATE, Epoch(2), 6)
    hand.pens.open(TARGET, STATE, Epoch(2), 6)
    assert hand.stands() == [("open", 2, 6)] * (1 + FENCES)


@pytest.mark.parametrize("turn", [4, 5])
def test_a_late_opening_is_overtaken(hand: Hand, turn: int) -> None:
    """An act whose turn is not above what stands changes nothing, and says what stands."""
    hand.pens.close(TARGET, STATE, 5)
    with pytest.raises(Overtaken) as told:
        hand.pens.open(TARGET, STATE, Epoch(2), turn)
    assert (told.value.region, told.value.turn, told.value.standing) == (TARGET, turn, 5)
    assert hand.stands() == [("closed", 0, 5)] * (1 + FENCES)


@pytest.mark.parametrize("turn", [5, 6])
def test_a_late_closing_is_overtaken(hand: Hand, turn: int) -> None:
    """Also where it has come too late by one."""
    hand.lay_all(OPEN, 2, 6)
    with pytest.raises(Overtaken):
        hand.pens.close(TARGET, STATE, turn)
    assert hand.stands() == [("open", 2, 6)] * (1 + FENCES)


def test_an_act_that_broke_off_is_continued_under_its_own_turn(hand: Hand) -> None:
    """The master alone was written; the same act again writes the fences."""
    hand.lay_all(CLOSED, 1, 5)
    hand.lay(None, OPEN, 2, 6)
    hand.lay(0, OPEN, 2, 6)
    hand.pens.open(TARGET, STATE, Epoch(2), 6)
    assert hand.stands() == [("open", 2, 6)] * (1 + FENCES)


def test_a_fence_that_saw_a_newer_turn_overtakes_the_act(hand: Hand) -> None:
    """The act is old news, and whoever made it must look again."""
    hand.lay_all(CLOSED, 1, 5)
    hand.lay(2, CLOSED, 1, 9)
    with pytest.raises(Overtaken) as told:
        hand.pens.open(TARGET, STATE, Epoch(2), 6)
    assert told.value.standing == 9
    assert hand.stands()[3] == ("closed", 1, 9)


def test_barring_keeps_out_every_older_opening(hand: Hand) -> None:
    """Closed to closed with a newer turn: what arrives later is late."""
    hand.pens.close(TARGET, STATE, 5)
    assert hand.pens.bar(TARGET, STATE, 8)
    assert hand.stands() == [("closed", 0, 8)] * (1 + FENCES)
    with pytest.raises(Overtaken):
        hand.pens.open(TARGET, STATE, Epoch(2), 6)
    assert hand.stands() == [("closed", 0, 8)] * (1 + FENCES)
    assert hand.pens.bar(TARGET, STATE, 8)


def test_barring_finds_an_open_master_and_leaves_it(hand: Hand) -> None:
    """The pivot was passed: nothing is touched, not even a fence that is still closed."""
    hand.lay_all(CLOSED, 1, 5)
    hand.lay(None, OPEN, 2, 6)
    assert not hand.pens.bar(TARGET, STATE, 8)
    assert hand.stands() == [("open", 2, 6), *[("closed", 1, 5)] * FENCES]


def test_barring_where_nothing_lies_keeps_out_an_opening_too(hand: Hand) -> None:
    """An absent pen could be opened by any turn; after barring it can't."""
    assert hand.pens.bar(TARGET, STATE, 8)
    with pytest.raises(Overtaken):
        hand.pens.open(TARGET, STATE, Epoch(2), 6)
    assert hand.pens.read(TARGET, STATE).all_are(CLOSED)


def test_regions_and_domains_are_apart(hand: Hand) -> None:
    """An act touches one domain in one region."""
    hand.pens.close(TARGET, STATE, 5)
    none = PenSet(None, (None,) * FENCES)
    assert hand.pens.read(SOURCE, STATE) == hand.pens.read(TARGET, COMMANDS) == none


class Busy:
    """A client whose updates meet a write's transaction a few times, or something else."""

    def __init__(self, client: Any, times: int, code: str) -> None:
        self.client, self.times, self.code = client, times, code

    def update_item(self, **asked: Any) -> Any:
        """Refused as long as it is busy."""
        if self.times:
            self.times -= 1
            raise self.client.exceptions.ClientError({"Error": {"Code": self.code, "Message": "no"}}, "UpdateItem")
        return self.client.update_item(**asked)


class BusyClients:
    """The same client for everybody."""

    def __init__(self, busy: Busy) -> None:
        self.busy = busy

    def client(self, _service: str, _region: Region) -> Busy:
        """Whatever is asked for."""
        return self.busy


@pytest.mark.parametrize(("times", "error"), [(3, None), (99, Unreachable)])
def test_an_act_that_meets_a_write_is_tried_again(tables: Tables, times: int, error: type[Exception] | None) -> None:
    """A transaction in the way is not a newer turn; too many of them is no answer."""
    name = tables.make("pens", TARGET)
    busy = Busy(tables.clients.client("dynamodb", TARGET), times, "TransactionConflictException")
    pens = PenTable(BusyClients(busy), name, 1, Clock())  # type: ignore[arg-type]  # the only method it calls
    if error:
        with pytest.raises(error, match="busy with writes"):
            pens.close(TARGET, STATE, 5)
    else:
        pens.close(TARGET, STATE, 5)
        assert PenTable(tables.clients, name, 1, Clock()).read(TARGET, STATE).all_are(CLOSED)


def test_an_act_that_is_refused_is_not_tried_again(tables: Tables) -> None:
    """A missing right is not a transaction in the way."""
    busy = Busy(tables.clients.client("dynamodb", TARGET), 99, "AccessDeniedException")
    pens = PenTable(BusyClients(busy), "pens", 1, Clock())  # type: ignore[arg-type]  # the only method it calls
    with pytest.raises(Refused, match="AccessDeniedException"):
        pens.close(TARGET, STATE, 5)
    assert busy.times == 98


def test_a_table_that_is_not_there_refuses(tables: Tables) -> None:
    """In AWS's own words."""
    pens = PenTable(tables.clients, "nowhere-at-all", 1, Clock())
    with pytest.raises(Refused, match="ResourceNotFoundException"):
        pens.close(TARGET, STATE, 5)
    with pytest.raises(Refused, match="ResourceNotFoundException"):
        pens.read(TARGET, STATE)


def test_who_only_watches_reads_the_master_alone(tables: Tables) -> None:
    """The same pen as in the whole set, or none."""
    pens = PenTable(tables.clients, tables.make("pens", SOURCE, TARGET), FENCES, Clock())
    assert pens.master(TARGET, STATE) is None
    pens.close(TARGET, STATE, 5)
    assert pens.master(TARGET, STATE) == pens.read(TARGET, STATE).master
