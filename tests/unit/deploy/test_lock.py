"""One deploy at a time, whoever dies, freezes or comes late."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.fakes import Clock

from landbridge.aws.clients import Clients
from landbridge.deploy import lock as locks
from landbridge.deploy.lock import BEAT_SECONDS, DEAD_SECONDS, DeployLock, holding
from landbridge.model.errors import DeployHeld, LandbridgeError
from landbridge.model.region import Region

JOURNAL = Region("eu-west-1")
PATH = "/landbridge/trading/prod/deploy"


@dataclass
class Parameters:
    """Parameter Store, as far as the lock uses it."""

    kept: dict[str, str] = field(default_factory=dict)
    lose_answer: bool = False
    before_next_put: Callable[[], None] | None = None

    def put_parameter(self, Name: str, Value: str, *, Overwrite: bool, **_: Any) -> None:  # noqa: N803 - as AWS spells it
        """Makes one, or writes over one."""
        if meanwhile := self.before_next_put:
            self.before_next_put = None
            meanwhile()
        if Name in self.kept and not Overwrite:
            raise ClientError({"Error": {"Code": "ParameterAlreadyExists"}}, "PutParameter")
        self.kept[Name] = Value
        if self.lose_answer:
            raise ClientError({"Error": {"Code": "ParameterAlreadyExists"}}, "PutParameter")

    def delete_parameters(self, Names: list[str]) -> None:  # noqa: N803 - as AWS spells it
        """Forgets some."""
        for name in Names:
            self.kept.pop(name, None)

    def get_paginator(self, _: str) -> "Parameters":
        """They list themselves."""
        return self

    def paginate(self, Path: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - as AWS spells it
        """One page."""
        found = [{"Name": name, "Value": value} for name, value in self.kept.items() if name.startswith(f"{Path}/")]
        yield {"Parameters": found}


@dataclass
class Store:
    """One store, and locks that reach it."""

    ssm: Parameters = field(default_factory=Parameters)
    clock: Clock = field(default_factory=Clock)

    def lock(self, owner: str, sleep: Callable[[float], None] | None = None) -> DeployLock:
        """An owner's."""
        clients = Clients()
        clients._made["ssm", JOURNAL, True] = self.ssm
        return DeployLock(clients, JOURNAL, PATH, owner, self.clock, sleep or self.clock.sleep)


def test_the_second_is_told_who_holds_it() -> None:
    """By name and since when; it changes nothing."""
    store = Store()
    store.lock("ann").take()
    store.clock.sleep(5)
    with pytest.raises(
        DeployHeld, match=r"ann has been deploying since 1970-01-12T13:46:40\+00:00 \(last sign of life 5 s ago\)"
    ):
        store.lock("bob").take()
    assert len(store.ssm.kept) == 1


def test_given_back_it_is_free_at_once() -> None:
    """And old numbers don't pile up."""
    store = Store()
    for owner in ("ann", "bob", "cid"):
        lock = store.lock(owner)
        lock.take()
        lock.give_back()
        lock.give_back()
    assert list(store.ssm.kept) == [f"{PATH}/3"]


def test_forgotten_it_leaves_nothing() -> None:
    """After everything was destroyed, the lock goes too."""
    store = Store()
    lock = store.lock("ann")
    lock.take()
    lock.give_back(forget=True)
    assert store.ssm.kept == {}


def test_a_dead_holder_is_taken_over_and_finds_out() -> None:
    """Silent for a minute and while the other watched; should it only have slept, its next beat tells."""
    store = Store()
    ann, bob = store.lock("ann"), store.lock("bob")
    ann.take()
    store.clock.sleep(DEAD_SECONDS)
    bob.take()
    with pytest.raises(DeployHeld, match="bob"):
        ann.beat()
    ann.beat()
    ann.give_back()
    with pytest.raises(DeployHeld, match="bob"):
        store.lock("cid").take()


def test_wrong_clocks_do_not_kill_a_living_holder() -> None:
    """Its sign of life looks old, but another one comes while the other watches."""
    store = Store()
    ann = store.lock("ann")
    ann.take()
    store.clock.sleep(DEAD_SECONDS * 10)

    def watching(seconds: float) -> None:
        store.clock.sleep(seconds)
        ann.beat()

    with pytest.raises(DeployHeld, match="ann"):
        store.lock("bob", watching).take()


def test_of_two_at_the_same_dead_lock_one_wins() -> None:
    """Both saw it dead; the number can be made only once."""
    store = Store()
    store.lock("ann").take()
    store.clock.sleep(DEAD_SECONDS)
    bob, cid = store.lock("bob"), store.lock("cid")
    store.ssm.before_next_put = bob.take
    with pytest.raises(DeployHeld, match="bob"):
        cid.take()


def test_a_lost_answer_to_taking_it_is_no_refusal() -> None:
    """What stands there is our own."""
    store = Store(Parameters(lose_answer=True))
    lock = store.lock("ann")
    lock.take()
    assert list(store.ssm.kept) == [f"{PATH}/1"]


def test_held_for_a_block_and_lost_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """The heart beats beside the work; a lock that was taken over is told while the work runs."""
    monkeypatch.setattr(locks, "BEAT_SECONDS", 0.01)
    store, told = Store(), threading.Event()
    heard: list[LandbridgeError] = []

    def lost(error: LandbridgeError) -> None:
        heard.append(error)
        told.set()

    with holding(store.lock("ann"), lost):
        store.ssm.kept[f"{PATH}/2"] = '{"owner": "bob", "since": 1, "beat": 1}'
        assert told.wait(10)
    assert [str(error).split()[0] for error in heard] == ["bob"]
    assert sorted(store.ssm.kept) == [f"{PATH}/1", f"{PATH}/2"]


def test_held_for_a_block_it_is_given_back_whatever_happens() -> None:
    """Also after an error inside."""
    store = Store()
    with pytest.raises(KeyboardInterrupt), holding(store.lock("ann"), lambda _: None):
        raise KeyboardInterrupt
    store.lock("bob").take()
    assert BEAT_SECONDS < DEAD_SECONDS / 2


def test_who_holds_it_is_told_by_one_look() -> None:
    """Nobody, the holder, and nobody again once it was given back; who looks takes nothing."""
    store = Store()
    ann, engine = store.lock("ann"), store.lock("the engine")
    assert engine.holder() is None
    ann.take()
    held = engine.holder()
    assert held is not None
    assert (held.holder, held.beat_seconds) == ("ann", 0.0)
    ann.give_back()
    assert engine.holder() is None
    assert len(store.ssm.kept) == 1


def test_a_dead_holder_counts_until_he_was_seen_silent() -> None:
    """His clock or ours may be wrong, so one look is not enough; a sign of life begins it anew."""
    store = Store()
    ann, engine = store.lock("ann"), store.lock("the engine")
    ann.take()
    store.clock.sleep(DEAD_SECONDS)
    assert engine.holder() is not None
    store.clock.sleep(BEAT_SECONDS)
    assert engine.holder() is not None
    ann.beat()
    store.clock.sleep(DEAD_SECONDS)
    assert engine.holder() is not None
    store.clock.sleep(2 * BEAT_SECONDS)
    assert engine.holder() is None
