"""The one logger of payments: lines of words it was made with, whole numbers and kinds of failure, and of nothing else.

What a record or a request holds has no way into it: a word that is not its own is written as `other`, a failure by its
type or the database's code. So no card data can be printed, not even by mistake.
"""

from collections.abc import Collection
from typing import TextIO

from landbridge.workloads.postgres import code_of


class Log:
    """Writes to one stream."""

    def __init__(self, to: TextIO, words: Collection[str]) -> None:
        self._to, self._words = to, frozenset(words)

    def __call__(self, word: str, failed: BaseException | None = None, **numbers: float) -> None:
        """One line; the numbers' names are ours, for they stand in the code."""
        told = [f"{name} {int(number)}" for name, number in numbers.items()]
        why = [code_of(failed)] if failed else []
        self._to.write(" ".join([word if word in self._words else "other", *told, *why]) + "\n")
        self._to.flush()
