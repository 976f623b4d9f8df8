"""The survivors' and losses' ports, as fake and as tables: what late copies covered comes back, what nobody sees is named."""

from tests.builders import state
from tests.contract.migrate.copies import Hand
from tests.fakes import SOURCE, TARGET

from landbridge.model.pen import Epoch
from landbridge.model.state import StateItem

LOW, HIGH = Epoch(1), Epoch(40)
NOW = 1_763_000_000.0


def standing(hand: Hand, user: str) -> StateItem | None:
    """What the target has of a user."""
    return hand.copies.items(TARGET, [(user, "main")]).get((user, "main"))


def covered(hand: Hand, user: str, *accepted: int, by: int) -> None:
    """The target accepted these versions; then a copy of the lost side's last write came."""
    for version in accepted:
        hand.accept(TARGET, state(user, version=version, epoch=HIGH), NOW + version)
    hand.copies.write_mark(TARGET, state(user, version=by, epoch=LOW))


def test_what_a_lower_epoch_covers_is_found(hand: Hand) -> None:
    """Whatever its version; what stands in the own epoch, and marks of ours, are not."""
    covered(hand, "zoe", 3, by=9)
    covered(hand, "ada", 3, by=2)
    covered(hand, "~canary", 3, by=9)
    hand.accept(TARGET, state("bob", version=3, epoch=HIGH), NOW)
    assert list(hand.copies.overwritten(TARGET, HIGH)) == ["ada/main", "zoe/main"]


def test_the_newest_receipt_is_put_back(hand: Hand) -> None:
    """Item for item as it was accepted, and only what was asked for."""
    covered(hand, "ada", 3, 5, 4, by=9)
    covered(hand, "bob", 3, by=9)
    hand.copies.restore(TARGET, HIGH, ["ada/main"])
    assert standing(hand, "ada") == state("ada", version=5, epoch=HIGH)
    assert list(hand.copies.overwritten(TARGET, HIGH)) == ["bob/main"]


def test_putting_back_twice_is_putting_back_once(hand: Hand) -> None:
    """And nothing at all is nothing."""
    covered(hand, "ada", 3, by=9)
    for names in (["ada/main"], ["ada/main"], []):
        hand.copies.restore(TARGET, HIGH, names)
    assert standing(hand, "ada") == state("ada", version=3, epoch=HIGH)


def test_what_a_user_wrote_meanwhile_is_not_put_back_over(hand: Hand) -> None:
    """Between the look and the act a newer item of the own epoch came."""
    covered(hand, "ada", 3, by=9)
    hand.copies.write_mark(TARGET, state("ada", version=10, epoch=HIGH))
    hand.copies.restore(TARGET, HIGH, ["ada/main"])
    assert standing(hand, "ada") == state("ada", version=10, epoch=HIGH)


def test_every_write_that_nobody_sees_is_named(hand: Hand) -> None:
    """Never copied, or covered by what is no later version; each version by itself."""
    for user, version in (("gone", 1), ("gone", 2), ("behind", 7), ("behind", 8), ("same", 8)):
        hand.accept(SOURCE, state(user, version=version, epoch=LOW), NOW + version)
    hand.copies.write_mark(TARGET, state("behind", version=7, epoch=LOW))
    hand.copies.write_mark(TARGET, StateItem("same", "main", 8, "another write", HIGH, "v"))
    assert list(hand.copies.missing(SOURCE, LOW, TARGET)) == ["behind/main v8", "gone/main v1", "gone/main v2", "same/main v8"]


def test_what_is_seen_as_it_was_or_as_a_later_version_is_not_lost(hand: Hand) -> None:
    """Also when the client's retry of it was accepted in the new epoch, and for marks of ours."""
    for user in ("as-it-was", "later", "retried", "~canary"):
        hand.accept(SOURCE, state(user, version=4, epoch=LOW), NOW)
    hand.copies.write_mark(TARGET, state("as-it-was", version=4, epoch=LOW))
    hand.copies.write_mark(TARGET, state("later", version=5, epoch=HIGH))
    hand.copies.write_mark(TARGET, state("retried", version=4, epoch=HIGH))
    hand.accept(SOURCE, state("other-epoch", epoch=HIGH), NOW)
    assert list(hand.copies.missing(SOURCE, LOW, TARGET)) == []
