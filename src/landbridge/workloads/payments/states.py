"""How a payment goes on: what each kind of event makes of each state, and what may still come.

Events come twice, late and in any order, for queues promise no more. One that comes before its turn waits for it.
"""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a payment stands."""

    RECEIVED = "received"
    AUTHORIZED = "authorized"
    SETTLED = "settled"
    DECLINED = "declined"
    REFUNDED = "refunded"


class Kind(StrEnum):
    """What can happen to a payment, each once."""

    RECEIVE = "receive"
    AUTHORIZE = "authorize"
    SETTLE = "settle"
    DECLINE = "decline"
    REFUND = "refund"


STEPS: Mapping[Kind, Mapping[State | None, State]] = {
    Kind.RECEIVE: {None: State.RECEIVED},
    Kind.AUTHORIZE: {State.RECEIVED: State.AUTHORIZED},
    Kind.SETTLE: {State.AUTHORIZED: State.SETTLED},
    Kind.DECLINE: {State.RECEIVED: State.DECLINED, State.AUTHORIZED: State.DECLINED},
    Kind.REFUND: {State.SETTLED: State.REFUNDED},
}


def steps(state: State | None, waiting: Collection[Kind]) -> Iterator[tuple[Kind, State]]:
    """What the waiting events do from this state on, one after the other, as far as they lead."""
    left = sorted(waiting, key=list(Kind).index)
    while fits := next((kind for kind in left if state in STEPS[kind]), None):
        left.remove(fits)
        state = STEPS[fits][state]
        yield fits, state


def may_come(state: State | None, kind: Kind) -> bool:
    """Whether this kind of event fits the state, or one that can follow from it."""
    return state in STEPS[kind] or any(may_come(leads[state], kind) for leads in STEPS.values() if state in leads)
