"""Whose stack a thing belongs to changes, and the thing itself does not: it goes on serving throughout."""

from typing import Protocol

from landbridge.migrate.one_by_one import Row


class Takeover(Row, Protocol):
    """Things that live already, and the stacks that are to own them. Every act is idempotent."""

    @property
    def takes_at_most(self) -> float:
        """After how many seconds no act of ours can arrive any more."""

    def foreign(self) -> list[str]:
        """What those stacks do not own yet, in the order in which it is taken over."""

    def owned(self) -> list[str]:
        """What they own, in that order."""

    def take(self, thing: str) -> None:
        """Begin to take a thing over as it is: nothing about it is changed, replaced or interrupted."""

    def give_back(self, thing: str) -> None:
        """Begin to let it go as it is, to whom it belonged before."""
