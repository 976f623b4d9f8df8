"""Whatever a mirror takes, refuses, or takes without a word: keys keep their order, and only what is stored counts as stored."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.agents.batches import REGION, Store, ticks

from landbridge.agents import delivery, lines
from landbridge.agents.delivery import LONGEST_REST, Delivery, Tally
from landbridge.agents.lines import Sorted

OUTCOME = st.tuples(st.lists(st.booleans(), min_size=1, max_size=7), st.booleans())


def deliver(store: Store, keys: Sequence[str], requests: int = 10_000) -> int | None:
    """What came of one line-up when there was time for so many requests."""
    left = iter(range(requests))
    sender = Delivery(store, lambda: next(left, None) is not None, lambda _seconds: None, lambda: 0.5)
    return sender.send(Sorted.of(ticks(keys), REGION).lines[0])


def firsts(places: list[int]) -> list[int]:
    """What a reader sees that drops doubles."""
    return list(dict.fromkeys(places))


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.lists(OUTCOME, max_size=12), st.integers(0, 20))
def test_a_key_keeps_its_order_whatever_happens(keys: list[str], outcomes: list[tuple[Sequence[bool], bool]], time: int) -> None:
    """And everything before the place that is told is stored."""
    store = Store(outcomes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PACK_BYTES", 600)
        patch.setattr(delivery, "WAVE_PACKS", 2)
        first = deliver(store, keys, time)
    for key in set(keys):
        assert firsts(store.places(key)) == sorted(set(store.places(key)))
    done = len(keys) if first is None else first
    assert set(range(done)) <= set(store.places())
    if first is None:
        assert set(store.places()) == set(range(len(keys)))


def test_other_keys_go_on_while_one_waits() -> None:
    """Its later records wait with it."""
    store = Store([([False, True], True)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PACK_BYTES", 1)
        assert deliver(store, ["a", "a", "b", "b"]) is None
    assert store.waves == [["a", "b"], ["a", "b"], ["a"]]
    assert store.places("a") == [0, 1]


def test_rests_grow_and_stop_growing() -> None:
    """Half of each is chance, so that shards don't come back together."""
    rests: list[float] = []
    store = Store([([False], True)] * 9)
    sender = Delivery(store, lambda: True, rests.append, lambda: 0.0)
    sender.send(Sorted.of(ticks(["a"]), REGION).lines[0])
    assert rests == [0.025, 0.05, 0.1, 0.2, 0.4, *[LONGEST_REST / 2] * 4]


def test_what_may_lie_there_twice_is_counted() -> None:
    """Refused packs are not: those were not stored."""
    store = Store([([False], True), ([True], False)])
    tally = Tally()
    Delivery(store, lambda: True, lambda _seconds: None, lambda: 0.0, tally).send(Sorted.of(ticks(["a", "b"]), REGION).lines[0])
    assert (tally.requests, tally.packs, tally.again, tally.maybe_twice) == (3, 2, 4, 2)
    assert sorted(store.places()) == [0, 0, 1, 1]


def test_a_request_takes_so_many_packs_and_bytes() -> None:
    """A pack that is larger than that goes alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "WAVE_BYTES", 700)
        store = Store()
        deliver(store, ["a", "b", "c"])
    assert [len(wave) for wave in store.waves] == [2, 1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "WAVE_BYTES", 1)
        alone = Store()
        deliver(alone, ["a", "b"])
    assert [len(wave) for wave in alone.waves] == [1, 1]
