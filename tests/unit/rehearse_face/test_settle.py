"""At the end every accepted write is accounted for: visible, lost or doubled, and by name."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from landbridge.rehearse.settle import Key, Write, WritesVerdict, settle

S, T = Region("us-east-1"), Region("eu-central-1")
NONE: frozenset[str] = frozenset()


def _write(version: int, user: str = "ann", write_id: str = "") -> Write:
    return Write(user, "orders", version, write_id or f"{user}-{version}", f"value {version}")


def _item(write: Write, epoch: int = 1) -> StateItem:
    return StateItem(write.user, write.view, write.version, write.write_id, Epoch(epoch), write.value, write.deleted)


def _settle(sent: list[Write], accepted: set[str], source: list[StateItem], target: list[StateItem]) -> WritesVerdict:
    copies = {S: {item.key: item for item in source}, T: {item.key: item for item in target}}
    return settle(sent, frozenset(accepted), NONE, copies)


def test_a_write_or_a_later_one_in_every_region_is_not_lost() -> None:
    """The newest version stands for all before it."""
    one, two = _write(1), _write(2)
    verdict = _settle([one, two], {"ann-1", "ann-2"}, [_item(two)], [_item(two)])
    assert verdict == WritesVerdict(2, (), (), ())


def test_a_write_missing_in_one_region_is_lost_and_named() -> None:
    """The sentence names write and region, and the key counts as different."""
    verdict = _settle([_write(1)], {"ann-1"}, [_item(_write(1))], [])
    assert verdict.lost == ("ann/orders version 1 (ann-1) was accepted, and neither it nor a later one is in eu-central-1",)
    assert verdict.differing == (("ann", "orders"),)


def test_a_write_under_its_own_name_with_another_value_is_lost() -> None:
    """What stands there must be what was sent, to the last character."""
    changed = replace(_item(_write(1)), value="other")
    assert len(_settle([_write(1)], {"ann-1"}, [changed], [changed]).lost) == 1


def test_an_item_nobody_sent_is_doubled_and_hides_nothing() -> None:
    """A version above all that were sent is nobody's, and what it covers is lost."""
    alien = _item(_write(9, write_id="alien"))
    verdict = _settle([_write(1)], {"ann-1"}, [alien], [alien])
    assert verdict.doubled == ("ann/orders version 9 (alien) is in eu-central-1 and us-east-1 and was never sent",)
    assert len(verdict.lost) == 1


def test_one_version_accepted_under_two_ids_is_doubled() -> None:
    """Whoever stands there, the other was promised too, so it is also lost."""
    one, other = _write(1), _write(1, write_id="b")
    verdict = _settle([one, other], {"ann-1", "b"}, [_item(one)], [_item(one)])
    assert verdict.doubled == ("ann/orders version 1 was accepted under ann-1 and b",)
    assert len(verdict.lost) == 1


def test_a_write_of_unknown_outcome_may_stand_or_not() -> None:
    """It may have arrived after its trader gave up: neither way is a fault, as long as the copies agree."""
    sent = [_write(1), _write(2)]
    for newest in sent:
        assert _settle(sent, {"ann-1"}, [_item(newest)], [_item(newest)]) == WritesVerdict(1, (), (), ())


def test_reserved_users_and_loaded_items_are_not_counted_as_writes() -> None:
    """Our own canaries are nobody's business; what was loaded isn't counted as accepted, but may get lost."""
    canary = _item(_write(5, user="~canary"))
    loaded = _write(1)
    verdict = settle([loaded], NONE, frozenset({"ann-1"}), {S: {canary.key: canary, loaded.key: _item(loaded)}, T: {}})
    assert (verdict.accepted, len(verdict.lost), verdict.doubled) == (0, 1, ())


def test_equal_items_of_unequal_epochs_differ() -> None:
    """Copies are equal only when every attribute is."""
    assert _settle([_write(1)], {"ann-1"}, [_item(_write(1), 1)], [_item(_write(1), 2)]).differing == (("ann", "orders"),)


Histories = dict[str, tuple[int, bool, bool]]
HISTORIES: st.SearchStrategy[Histories] = st.dictionaries(
    st.sampled_from(["ann", "bob", "cem"]), st.tuples(st.integers(1, 6), st.booleans(), st.booleans()), min_size=1, max_size=3
)


def _world(histories: Histories) -> tuple[list[Write], set[str], dict[Key, StateItem]]:
    """All but each user's last write are accepted; the last one is if told so, and stored if accepted or told so."""
    sent: list[Write] = []
    accepted: set[str] = set()
    store: dict[Key, StateItem] = {}
    for user, (newest, is_accepted, is_stored) in histories.items():
        writes = [_write(version, user) for version in range(1, newest + 1)]
        sent += writes
        accepted |= {write.write_id for write in writes[: newest if is_accepted else newest - 1]}
        standing = writes if is_accepted or is_stored else writes[:-1]
        store |= {write.key: _item(write) for write in standing}
    return sent, accepted, store


@given(HISTORIES)
def test_an_honest_world_settles_clean(histories: Histories) -> None:
    """Whatever came of unanswered writes, a store that kept its promises is never accused."""
    sent, accepted, store = _world(histories)
    assert settle(sent, frozenset(accepted), NONE, {S: store, T: dict(store)}) == WritesVerdict(len(accepted), (), (), ())


@given(HISTORIES, st.data())
def test_a_copy_that_fell_back_loses_exactly_what_it_forgot(histories: Histories, data: st.DataObject) -> None:
    """Put one key back to an older version, or to none: the accepted versions after it are lost, and no others."""
    sent, accepted, store = _world(histories)
    user = data.draw(st.sampled_from(sorted(histories)))
    left = data.draw(st.integers(0, histories[user][0]))
    fallen = {key: item for key, item in store.items() if key[0] != user}
    if left:
        fallen |= {_write(left, user).key: _item(_write(left, user))}
    verdict = settle(sent, frozenset(accepted), NONE, {S: store, T: fallen})
    forgotten = [write.name for write in sent if write.user == user and write.version > left and write.write_id in accepted]
    assert [sentence.split(" (")[0] for sentence in verdict.lost] == forgotten
    assert verdict.doubled == ()
    assert (verdict.differing == ()) == (store == fallen)
