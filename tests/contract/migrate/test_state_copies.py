"""The copies' port, as fake and as tables: receipts by epoch and time, items by key."""

from dataclasses import replace
from typing import Any

import pytest
from tests.builders import state
from tests.contract.migrate.copies import FENCES, Hand, made
from tests.contract.migrate.tables import Tables
from tests.fakes import SOURCE, TARGET

from landbridge.migrate.adapters.regional import BATCH, BATCH_TRIES
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Epoch, fence_of

NOW = 1_763_000_000.0


def test_receipts_are_read_from_every_fence(hand: Hand) -> None:
    """Whoever wrote, whatever guarded it."""
    items = [state(f"user-{number}", version=number + 1) for number in range(8)]
    for item in items:
        hand.accept(SOURCE, item, NOW)
    assert {fence_of(item.user, FENCES) for item in items} == set(range(FENCES))
    assert sorted(hand.copies.receipts(SOURCE, Epoch(1), 0.0), key=lambda i: i.user) == items
    assert list(hand.copies.receipts(TARGET, Epoch(1), 0.0)) == []


def test_receipts_begin_at_the_time_asked_for(hand: Hand) -> None:
    """To the microsecond, the moment itself included; from before all time everything."""
    for version, at in enumerate((NOW - 1, NOW, NOW + 1), 1):
        hand.accept(SOURCE, state(version=version), at)
    versions = {
        since: sorted(i.version for i in hand.copies.receipts(SOURCE, Epoch(1), since)) for since in (-9.0, NOW, NOW + 0.5)
    }
    assert versions == {-9.0: [1, 2, 3], NOW: [2, 3], NOW + 0.5: [3]}


def test_receipts_of_one_epoch_are_not_anothers(hand: Hand) -> None:
    """What was accepted before the last move is not captured again."""
    hand.accept(SOURCE, state(epoch=1), NOW)
    hand.accept(SOURCE, state(version=2, epoch=3), NOW)
    assert [item.epoch for item in hand.copies.receipts(SOURCE, Epoch(3), 0.0)] == [3]


def test_items_are_read_whole_and_what_is_missing_is_left_out(hand: Hand) -> None:
    """Epoch, value and tombstone included; each key once, however often it is asked for."""
    deleted = replace(state("bob", epoch=7, value="ü"), deleted=True)
    hand.accept(SOURCE, deleted, NOW)
    keys = [("bob", "main"), ("bob", "main"), ("nobody", "main")]
    assert hand.copies.items(SOURCE, keys) == {("bob", "main"): deleted}
    assert hand.copies.items(SOURCE, []) == {}


def test_more_items_than_one_request_takes(hand: Hand) -> None:
    """All of them."""
    items = [state(f"user-{number}") for number in range(BATCH + 1)]
    for item in items:
        hand.copies.write_mark(SOURCE, item)
    assert len(hand.copies.items(SOURCE, [item.key for item in items])) == BATCH + 1


def test_a_mark_is_put_over_an_older_one(hand: Hand) -> None:
    """In one region only."""
    for version in (3, 8):
        hand.copies.write_mark(TARGET, state("~canary", version=version))
    key = ("~canary", "main")
    assert hand.copies.items(TARGET, [key])[key].version == 8
    assert hand.copies.items(SOURCE, [key]) == {}


class Stingy:
    """A client that leaves keys unread a few times."""

    def __init__(self, client: Any, times: int) -> None:
        self.client, self.times = client, times

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - AWS's own word
        """One key a time, as long as it is stingy."""
        ((table, asked),) = RequestItems.items()
        if not self.times:
            answer: dict[str, Any] = self.client.batch_get_item(RequestItems=RequestItems)
            return answer
        self.times -= 1
        first, rest = asked["Keys"][:1], asked["Keys"][1:]
        answer = self.client.batch_get_item(RequestItems={table: {**asked, "Keys": first}})
        return {**answer, "UnprocessedKeys": {table: {**asked, "Keys": rest}} if rest else {}}


@pytest.mark.parametrize(("times", "whole"), [(2, True), (99, False)])
def test_keys_left_unread_are_asked_for_again(tables: Tables, times: int, whole: bool) -> None:  # noqa: FBT001
    """A few times; then the copy counts as silent, never as missing items."""
    real = made(tables)
    items = [state(f"user-{number}") for number in range(BATCH_TRIES + 2)]
    for item in items:
        real.write_mark(SOURCE, item)
    stingy = Stingy(tables.clients.client("dynamodb", SOURCE), times)
    copies = replace(real, clients=type("One", (), {"client": lambda *_: stingy})())
    if whole:
        assert len(copies.items(SOURCE, [item.key for item in items])) == len(items)
    else:
        with pytest.raises(Unreachable, match="leaves keys unread"):
            copies.items(SOURCE, [item.key for item in items])
