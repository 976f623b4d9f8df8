"""Answers a read from the local copy, and from the other region's when this reader has already seen something newer.

When the other region doesn't answer either, the local copy is the answer, marked `behind`: a region that is gone must
not take the reads of the other with it.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from landbridge.model.state import StateItem
from landbridge.workloads.trading.ports import Answer


class Copy(Protocol):
    """This region's copy of the state."""

    @property
    def why(self) -> str:
        """Why the last read gave nothing; empty when there simply was nothing."""

    def current(self, user: str, view: str, *, consistent: bool = True) -> StateItem | None:
        """What is stored; None = nothing, or it couldn't be read: then `why` says so."""


class Other(Protocol):
    """The other region's API."""

    def get(self, user: str, view: str) -> Answer | None:
        """The other region's copy; None = no answer, or no other side."""


def show(user: str, view: str, seen: int, *, hop: bool, copy: Copy, other: Other, region: str) -> Answer:
    """The newest version within reach that is not older than what this reader has shown."""
    consistent = seen > 0 or hop
    item = copy.current(user, view, consistent=consistent)
    if item is None and copy.why:
        item = copy.current(user, view, consistent=consistent)  # one slow answer must not become a user's error
    if item is None and copy.why:
        return Answer(503, {"error": "the state could not be read: try again"}, {"retry-after": "1"}, why=copy.why)
    local = _shown(item, region)
    if hop or _version(local) >= seen:
        return local
    there = other.get(user, view)
    if there is not None and there.status == 200 and _version(there) > _version(local):
        return there
    return Answer(local.status, {**local.body, "behind": True}, why="behind")


def _shown(item: StateItem | None, region: str) -> Answer:
    if item is None:
        return Answer(404, {"error": "there is no state of this user and view"})
    return Answer(200, {**item.item(), "region": region})


def _version(answer: Answer) -> int:
    body: Mapping[str, Any] = answer.body
    version = body.get("version", 0)
    return version if isinstance(version, int) else 0
