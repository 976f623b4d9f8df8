"""Things that change one after the other: what moves is waited for, what broke is a person's, then the next one begins."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from landbridge.migrate.step import Seen, State


class Row(Protocol):
    """Things of one kind, of which some may be under way."""

    def moving(self) -> list[str]:
        """What is under way right now, in either direction."""

    def broken(self) -> list[str]:
        """What failed or stands in the way, each as a sentence with its cause."""


class Removal(Row, Protocol):
    """Things that can be taken away."""

    def standing(self) -> list[str]:
        """What exists, in any state."""

    def remove(self, thing: str) -> None:
        """Begin to take a thing away with everything in it; idempotent."""


def look(row: Row, left: Sequence[str], undone: str) -> Seen | None:
    """Why it is not done yet; None = it is."""
    if moving := row.moving():
        return Seen(State.WAITING, f"{', '.join(moving)} under way")
    if broken := row.broken():
        return Seen(State.BLOCKED, broken[0])
    return Seen(State.READY, f"{left[0]} {undone}") if left else None


def begin(row: Row, left: Sequence[str], act: Callable[[str], None]) -> None:
    """Begins the first that is left, unless one is under way: the next may need what that one leaves."""
    if not row.moving():
        for thing in left[:1]:
            act(thing)


def put_back(row: Row, ours: Sequence[str], act: Callable[[str], None], done: str) -> Seen:
    """Takes back what is ours, last one first, waiting for each."""
    if moving := row.moving():
        return Seen(State.WAITING, f"{', '.join(moving)} under way")
    if not ours:
        return Seen(State.DONE, done)
    act(ours[-1])
    return Seen(State.WAITING, f"{ours[-1]} under way")


def refuse_back(removal: Removal, before: Mapping[str, Any]) -> Seen:
    """What was taken away does not come back; where nothing was, there is nothing to bring back."""
    stands = removal.standing() if not removal.moving() else []
    gone = [thing for thing in before["standing"] if thing not in stands]
    if not gone:
        return Seen(State.DONE, "nothing was taken away")
    return Seen(State.FAILED, f"{gone[-1]} is gone or going: there is no way back")
