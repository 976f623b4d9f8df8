"""Where things are: a region's name, and the pair a migration runs between."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, NewType, TypeVar

Region = NewType("Region", str)
REGION_PATTERN = r"[a-z]{2}(-[a-z]+)+-[0-9]"

T = TypeVar("T")
U = TypeVar("U")


def region(name: str) -> Region:
    """A region's name, refused when it can't be one."""
    if not re.fullmatch(REGION_PATTERN, name):
        raise ValueError(f"{name!r} is not the name of an AWS region")
    return Region(name)


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """One thing at the source and its like at the target."""

    source: T
    target: T

    def swapped(self) -> "Pair[T]":
        """The same pair seen from the way back."""
        return Pair(self.target, self.source)

    def map(self, function: Callable[[T], U]) -> "Pair[U]":
        """The pair of what `function` makes of each side."""
        return Pair(function(self.source), function(self.target))

    def __iter__(self) -> Iterator[T]:
        yield self.source
        yield self.target
