"""Answers a read from the local copy, and from the other region's when this reader has already seen something newer.

When the other region doesn't answer either, the local copy is the answer, marked `behind`: a region that is gone must
not take the reads of the other with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch
from landbridge.model.state import StateItem
from landbridge.workloads.trading.ports import Answer


class Copy(Protocol):
    """This region's copy of the state."""

    @property
    def why(self) -> str:
        """Why the last read gave nothing; empty when there simply was nothing."""

    def current(self, user: str, view: str, *, consistent: bool = True) -> StateItem | None:
        """What is stored; None = nothing, or it couldn't be read: then `why` says so."""


class Orders(Protocol):
    """This region's copy of the commands."""

    @property
    def why(self) -> str:
        """Why the last read gave nothing; empty when there simply was nothing."""

    def head(self, user: str, *, consistent: bool) -> tuple[int, Epoch] | None:
        """The user's newest number and its epoch; None = it couldn't be read: `why` says so."""

    def command(self, user: str, number: int, *, consistent: bool = False) -> CommandItem | None:
        """One command; None = it has not arrived yet, or couldn't be read."""


class Other(Protocol):
    """The other region's API."""

    def get(self, *path: str) -> Answer | None:
        """The other region's answer; None = no answer, or no other side."""


@dataclass(frozen=True, slots=True)
class View:
    """One thing that can be looked at: here by `look`, there by its path; `version` is what grows in its answers."""

    path: tuple[str, ...]
    look: Callable[[bool], Answer | None]
    why: Callable[[], str]
    version: str = "version"

    def version_of(self, answer: Answer) -> int:
        """How new an answer is; 0 when it says nothing of it."""
        told = answer.body.get(self.version, 0)
        return told if isinstance(told, int) else 0


def show(view: View, seen: int, *, hop: bool, other: Other) -> Answer:
    """The newest answer within reach that is not older than what this reader has shown."""
    consistent = seen > 0 or hop
    local = view.look(consistent) or view.look(consistent)  # one slow answer must not become a user's error
    if local is None:
        return Answer(503, {"error": "it could not be read: try again"}, {"retry-after": "1"}, why=view.why())
    if hop or view.version_of(local) >= seen:
        return local
    there = other.get(*view.path)
    if there is not None and there.status == 200 and view.version_of(there) > view.version_of(local):
        return there
    return Answer(local.status, {**local.body, "behind": True}, why="behind")


def state(user: str, view: str, *, copy: Copy, region: str) -> View:
    """A user's state on one view."""

    def look(consistent: bool) -> Answer | None:  # noqa: FBT001
        item = copy.current(user, view, consistent=consistent)
        if item is None:
            return None if copy.why else Answer(404, {"error": "there is no state of this user and view"})
        return _found(item.item(), region)

    return View(("state", user, view), look, lambda: copy.why)


def commands(user: str, *, orders: Orders, region: str) -> View:
    """How many commands of a user are accepted, and which number comes next."""

    def look(consistent: bool) -> Answer | None:  # noqa: FBT001
        head = orders.head(user, consistent=consistent)
        if head is None:
            return None
        number, epoch = head
        return _found({"user": user, "number": number, "next": number + 1, "epoch": epoch}, region)

    return View(("commands", user), look, lambda: orders.why, "number")


def command(user: str, number: int, *, orders: Orders, region: str) -> View:
    """One accepted command."""

    def look(consistent: bool) -> Answer | None:  # noqa: FBT001
        item = orders.command(user, number, consistent=consistent)
        if item is None:
            return None if orders.why else Answer(404, {"error": "there is no command of this user and number here"})
        return _found(item.item(), region)

    return View(("commands", user, str(number)), look, lambda: orders.why, "number")


def _found(told: Mapping[str, Any], region: str) -> Answer:
    return Answer(200, {**told, "region": region})
