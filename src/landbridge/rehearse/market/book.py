"""The market's own book, outside both regions: each tick before it is sent, and how far each symbol is known to be stored.

A feed sends a symbol's ticks in order and the next only after the one before, so a number says which are stored.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from landbridge.model.market import Tick

Line = tuple[str, str]  # a feed and one of its symbols: each has a sequence of its own


class Book:
    """Each entry is one unbuffered write to the file: a killed rehearsal loses nothing it had seen."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._file, self._clock = path.open("ab", buffering=0), clock
        self._made: dict[Line, list[str]] = {}
        self._stored: dict[Line, int] = {}
        self._answered: dict[Line, list[tuple[int, float]]] = {}
        self._errors: Counter[str] = Counter()
        self._counting = threading.Lock()  # feeds have threads of their own; all else is theirs alone

    def close(self) -> None:
        """Ends the file; more than once does no harm."""
        self._file.close()

    def made(self, ticks: Sequence[Tick]) -> None:
        """These will be sent; each is the next of its feed and symbol."""
        for tick in ticks:
            self._made.setdefault((tick.feed, tick.symbol), []).append(tick.value)
        self._append("made", ticks=[[*tick.identity, tick.value] for tick in ticks])

    def stored(self, region: str, ticks: Sequence[Tick]) -> None:
        """A stream took these, and all before them of the same feeds and symbols."""
        upto = {(tick.feed, tick.symbol): tick.sequence for tick in ticks}
        self._stored.update(upto)
        now = self._clock()
        for line, sequence in upto.items():
            self._answered.setdefault(line, []).append((sequence, now))
        self._append("stored", region=region, upto=[[*line, sequence] for line, sequence in upto.items()])

    def stumbled(self, feed: str, why: str) -> None:
        """A feed did not get what it wanted; it will try again."""
        with self._counting:
            self._errors[why] += 1
        self._append("stumbled", feed=feed, why=why)

    @property
    def values(self) -> Mapping[Line, Sequence[str]]:
        """What was made: the value of sequence 1 first."""
        return self._made

    @property
    def upto(self) -> Mapping[Line, int]:
        """The newest sequence known to be stored."""
        return self._stored

    @property
    def answered(self) -> Mapping[Line, Sequence[tuple[int, float]]]:
        """Up to which sequence a line was known to be stored, and since when: put after put."""
        return self._answered

    @property
    def errors(self) -> Mapping[str, int]:
        """What feeds stumbled over, and how often."""
        return self._errors

    def _append(self, what: str, **fields: Any) -> None:
        self._file.write(orjson.dumps({"at": round(self._clock(), 6), "what": what, **fields}) + b"\n")
