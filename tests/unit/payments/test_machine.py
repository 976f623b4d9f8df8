"""Whatever happens to regions, processes, queues and answers: no payment is lost, none is made twice."""

import io
import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.unit.payments.fakes import Killed, MemoryLedger, Region, ask, desk, named

from landbridge.model.errors import Unreachable
from landbridge.workloads.payments.api.answer import TurnedAway
from landbridge.workloads.payments.event import Event, event
from landbridge.workloads.payments.events import answer
from landbridge.workloads.payments.log import Log
from landbridge.workloads.payments.payment import payment_id
from landbridge.workloads.payments.states import STEPS, Kind, State, steps

SIDES = st.sampled_from(["east-1", "east-2"])
KEYS = st.sampled_from(["key-1", "key-2", "key-3"])
LATER = st.sampled_from([kind for kind in Kind if kind is not Kind.RECEIVE])
LEFT = st.none() | st.integers(0, 12)


class Payments(RuleBasedStateMachine):
    """Two regions with a service, a queue and a function each, and one ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.regions = {name: Region(name) for name in ("east-1", "east-2")}
        self.ledger = MemoryLedger()
        self.set_aside: list[str] = []
        self.accepted: dict[str, set[int]] = {}  # what was answered 202, by payment
        self.asked: set[tuple[str, int]] = set()
        self.sessions = {name: self._session(name) for name in self.regions}

    def _session(self, name: str) -> str:
        told = ask(desk(self.regions[name], self.ledger), "POST", "/session", authorization=named()).body
        return f"Bearer {told['session']}" if told else ""

    def _pay(self, side: str, key: str, amount: int) -> bool:
        """Whether the client got an answer."""
        region = self.regions[side]
        told = {"amount": amount, "currency": "EUR", "token": "tok_4fK2hQ81xZ", "last_four": "4242"}
        sent = {"authorization": self.sessions[side], "idempotency_key": key}
        self.asked.add((key, amount))
        try:
            ask(desk(region, self.ledger), "POST", "/payments", json.dumps(told).encode(), **sent)
        except (Killed, Unreachable):
            return False
        except TurnedAway:
            return True
        self.accepted.setdefault(payment_id("shop", key), set()).add(amount)
        return True

    @rule(side=SIDES, key=KEYS, amount=st.sampled_from([5, 5, 5, 6]), left=LEFT)
    def a_client_pays(self, side: str, key: str, amount: int, left: int | None) -> None:
        """Mostly the same again; the service may die at any step."""
        self.regions[side].life.left = left
        self._pay(side, key, amount)
        self.regions[side].life.left = None

    @rule(side=SIDES, key=KEYS, kind=LATER, times=st.integers(1, 2))
    def the_network_tells(self, side: str, key: str, kind: Kind, times: int) -> None:
        """Before the payment's turn or after it, once or twice, in either region."""
        told = Event(payment_id("shop", key), kind, reference=f"{kind}-1").text()
        self.regions[side].queue.extend([told] * times)

    @rule(side=SIDES, order=st.randoms(use_true_random=False), left=LEFT, size=st.integers(1, 10))
    def a_function_works(self, side: str, order: Any, left: int | None, size: int) -> None:
        """On a batch in any order; it may die at any step, and then all of it comes again."""
        region = self.regions[side]
        if region.out:
            return
        order.shuffle(region.queue)
        batch, self.ledger.life.left = region.queue[:size], left
        try:
            again = self._worked_off(batch)
        except Killed:
            return
        finally:
            self.ledger.life.left = None
        region.queue[: len(batch)] = [batch[number] for number in again]

    def _worked_off(self, batch: list[str]) -> list[int]:
        records = [{"messageId": str(number), "body": body} for number, body in enumerate(batch)]
        told = answer({"Records": records}, lambda: self.ledger, Log(io.StringIO(), {"events"}))
        return [int(each["itemIdentifier"]) for each in told["batchItemFailures"]]

    @rule(side=SIDES)
    def a_message_is_given_twice(self, side: str) -> None:
        """As standard queues may."""
        queue = self.regions[side].queue
        queue.extend(queue[:1])

    @rule(side=SIDES, out=st.booleans())
    def a_region_goes_or_comes_back(self, side: str, out: bool) -> None:  # noqa: FBT001
        """With what it keeps."""
        self.regions[side].out = out

    @rule(side=SIDES)
    def the_table_is_copied(self, side: str) -> None:
        """Out of one region; what is there already is overwritten, as the last writer does."""
        other = self.regions["east-2" if side == "east-1" else "east-1"]
        other.items.update(self.regions[side].items)

    @rule(lost=st.integers(0, 2), failing=st.integers(0, 2))
    def the_database_fails(self, lost: int, failing: int) -> None:
        """Answers get lost, or transactions come to nothing."""
        self.ledger.lost, self.ledger.failing = lost, failing

    @invariant()
    def each_payment_goes_its_way_once(self) -> None:
        """Step by step as the table says, no kind twice."""
        for payment, took in self.ledger.took.items():
            state: State | None = None
            for kind in took:
                state = STEPS[kind][state]
            assert len(set(took)) == len(took)
            assert self.ledger.state.get(payment) == state

    def teardown(self) -> None:
        """All is well again: every client asks until it is answered, every queue is worked off, and nothing is missing."""
        self.ledger.lost = self.ledger.failing = 0
        for region in self.regions.values():
            region.out = False
        for key, amount in sorted(self.asked):
            assert self._pay("east-1", key, amount)
        for region in self.regions.values():
            for _ in range(3):
                region.queue = [region.queue[number] for number in self._worked_off(region.queue)]
            self.set_aside += region.queue
        self.each_payment_goes_its_way_once()
        for payment, amounts in self.accepted.items():
            assert Kind.RECEIVE in self.ledger.took[payment]
            assert amounts - {self.ledger.payments[payment].amount} <= self._contradicted(payment)
        for payment, took in self.ledger.took.items():
            came = [kind for each, kind in self.ledger.events if each == payment and kind not in took]
            assert list(steps(self.ledger.state.get(payment), came)) == []
        assert set(self.ledger.payments) == {payment_id("shop", key) for key, _ in self.asked}

    def _contradicted(self, payment: str) -> set[int]:
        """What was asked under a key that already meant another payment, in the other region: set aside, not lost."""
        first = [found.asked for found in map(event, self.set_aside) if found.payment == payment]
        return {asked.amount for asked in first if asked}


@pytest.mark.slow
class TestManyLives(Payments.TestCase):  # type: ignore[misc,valid-type]
    """The same, for minutes."""

    settings = settings(max_examples=500, stateful_step_count=40, deadline=None, database=None)


TestPayments = Payments.TestCase
TestPayments.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
