"""One deploy at a time: numbered parameters in the journal's region, the highest number holds (docs/decisions/0020).

A parameter is made only where there is none, which is the one condition Parameter Store knows. So a lock is taken by
making the next number, also from a holder that is dead, and a holder that comes back finds a higher number than its own.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import DeployHeld, LandbridgeError
from landbridge.model.region import Region

BEAT_SECONDS = 10.0
DEAD_SECONDS = 60.0
WATCHED_SECONDS = 2 * BEAT_SECONDS  # how long a silent holder is watched before he counts as dead


def lock_path(platform: str, suffix: str) -> str:
    """Where the lock of a platform and suffix lies."""
    return f"/landbridge/{platform}/{suffix}/deploy"


@dataclass(frozen=True, slots=True)
class Held:
    """What a lock says of its holder; `beat` 0 means it was given back."""

    number: int
    owner: str
    since: float
    beat: float

    def body(self) -> str:
        """As it is kept."""
        return json.dumps({"owner": self.owner, "since": self.since, "beat": self.beat})


@dataclass
class DeployLock:
    """The lock of one platform and suffix, for one owner; `clock` tells the time of day."""

    clients: Clients
    region: Region
    path: str  # like /landbridge/trading/prod/deploy
    owner: str
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    _mine: Held | None = field(default=None, init=False)
    _silent: tuple[Held, float] | None = field(default=None, init=False)  # who gave no sign of life, and since when we look

    def take(self) -> None:
        """Takes the lock, from a dead holder too; DeployHeld says who has it."""
        last = self._last()
        if last and last.beat and not self._dead(last):
            raise self._held(self._last() or last)
        mine = Held(last.number + 1 if last else 1, self.owner, self.clock(), self.clock())
        if not self._made(mine):
            raise self._held(self._last() or mine)
        self._mine = mine
        self._forget(below=mine.number)

    def holder(self) -> DeployHeld | None:
        """Who has the lock, by one look; a dead holder counts until he was seen silent for a while."""
        last = self._last()
        if last is None or not last.beat:
            return None
        if self.clock() - last.beat >= DEAD_SECONDS and self._seen_silent(last) >= WATCHED_SECONDS:
            return None
        return self._held(last)

    def beat(self) -> None:
        """A sign of life; DeployHeld when somebody took the lock over."""
        if self._mine is None:
            return
        last = self._last()
        if last and last.number > self._mine.number:
            self._mine = None
            raise self._held(last)
        self._mine = Held(self._mine.number, self.owner, self._mine.since, self.clock())
        self._put(self._mine, overwrite=True)

    def give_back(self, *, forget: bool = False) -> None:
        """Whoever comes next takes it at once; `forget` leaves not even the parameter, when nothing else is left either."""
        if self._mine is None:
            return
        mine, self._mine = self._mine, None
        if forget:
            self._forget(below=mine.number + 1)
        else:
            self._put(Held(mine.number, mine.owner, mine.since, 0.0), overwrite=True)

    def _dead(self, last: Held) -> bool:
        """Silent by the clocks, and still silent while we watch: clocks may be wrong."""
        if self.clock() - last.beat < DEAD_SECONDS:
            return False
        self.sleep(WATCHED_SECONDS)
        return self._last() == last

    def _seen_silent(self, last: Held) -> float:
        """For how many seconds every look found the same; for who may not sleep between two looks."""
        if self._silent is None or self._silent[0] != last:
            self._silent = (last, self.clock())
        return self.clock() - self._silent[1]

    def _held(self, by: Held) -> DeployHeld:
        since = datetime.fromtimestamp(by.since, UTC).isoformat(timespec="seconds")
        return DeployHeld(by.owner, since, max(0.0, self.clock() - by.beat))

    def _ssm(self) -> Any:
        return self.clients.client("ssm", self.region)

    def _last(self) -> Held | None:
        held = self._all()
        return max(held, key=lambda each: each.number) if held else None

    def _all(self) -> list[Held]:
        with speaking(self.region, "reading the deploy lock"):
            pages = self._ssm().get_paginator("get_parameters_by_path").paginate(Path=self.path)
            return [
                Held(number=int(found["Name"].rpartition("/")[2]), **json.loads(found["Value"]))
                for page in pages
                for found in page["Parameters"]
            ]

    def _made(self, held: Held) -> bool:
        with speaking(self.region, "taking the deploy lock"):
            try:
                self._put(held, overwrite=False)
            except ClientError as error:
                if said(error) != "ParameterAlreadyExists":
                    raise
                return self._last() == held  # a lost answer: our own, just made
        return True

    def _put(self, held: Held, *, overwrite: bool) -> None:
        name, about = f"{self.path}/{held.number}", "Who deploys; the highest number holds"
        self._ssm().put_parameter(Name=name, Value=held.body(), Type="String", Overwrite=overwrite, Description=about)

    def _forget(self, below: int) -> None:
        with speaking(self.region, "clearing old deploy locks"):
            names = [f"{self.path}/{held.number}" for held in self._all() if held.number < below]
            for start in range(0, len(names), 10):
                self._ssm().delete_parameters(Names=names[start : start + 10])


@contextmanager
def holding(lock: DeployLock, lost: Callable[[LandbridgeError], None]) -> Iterator[None]:
    """Holds the lock as long as the block lasts; `lost` is told when somebody else took it over."""
    lock.take()
    ended = threading.Event()

    def keep_beating() -> None:
        while not ended.wait(BEAT_SECONDS):
            try:
                with suppress(BotoCoreError, ClientError):  # one beat more or less: the next one will be heard
                    lock.beat()
            except DeployHeld as taken:
                lost(taken)
                return

    thread = threading.Thread(target=keep_beating, name="deploy lock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        with suppress(BotoCoreError, ClientError, LandbridgeError):  # then it counts as dead after a minute
            lock.give_back()
