"""An event source mapping that honours what the function answers, and kills it now and then in the midst of a call."""

import io
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from tests.contract.replicator.checker import Checker
from tests.contract.replicator.live import ARN, REGION, Live, Record

from landbridge.agents.delivery import Mirror
from landbridge.agents.lines import Pack
from landbridge.agents.mirror_stream import MirrorStream, Outcome
from landbridge.agents.replicator import SPARE_MS, Replicator, answer
from landbridge.agents.set_aside import SetAside
from landbridge.model.errors import BadInput


class Killed(BaseException):
    """The function is gone; nothing of it runs any more."""


@dataclass
class Life:
    """One call's time, and the moments in which it may end."""

    chance: random.Random
    left_ms: int
    killed: float

    def moment(self) -> None:
        """It may be killed here."""
        if self.chance.random() < self.killed:
            raise Killed

    def sleep(self, seconds: float) -> None:
        """Time passes, and nobody waits for it."""
        self.left_ms -= int(seconds * 1000)
        self.moment()

    def remaining_ms(self) -> int:
        """As Lambda tells it."""
        self.left_ms -= 15
        self.moment()
        return self.left_ms


@dataclass
class Mortal:
    """A mirror between whose answer and the caller the function may die."""

    mirror: Mirror
    life: Life

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """The request is out; whether the answer is read is another matter."""
        outcome = self.mirror.put(packs)
        self.life.moment()
        return outcome


def client_at(url: str) -> Any:
    """A client of Kinesis as the function has it, at an endpoint of ours."""
    session = boto3.session.Session(aws_access_key_id="any", aws_secret_access_key="any")  # noqa: S106 - the service takes any
    config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1}, parameter_validation=False)
    return session.client("kinesis", "eu-central-1", endpoint_url=url, config=config)


def mirror_at(url: str) -> MirrorStream:
    """The product's own way to a mirror there."""
    return MirrorStream(client_at(url), "mirror", "eu-central-1")


@dataclass
class Mapping:
    """Reads every shard of a live stream to its end through the function."""

    live: Live
    checker: Checker
    mirror: Mirror
    chance: random.Random
    most: int = 1000
    killed: float = 0.01  # odds, at each of a call's moments
    counts: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Until all is acknowledged."""
        while logs := self.live.readable():
            log = self.chance.choice(logs)
            if records := self.live.batch(log, self.chance.randint(1, self.most)):
                done = self._call(records)
                self.checker.acknowledged(log.acknowledge(done))

    def _call(self, records: Sequence[Record]) -> int:
        """How many of the first records are done with."""
        said = io.StringIO()
        life = Life(self.chance, self.chance.choice([SPARE_MS + 100, 60_000]), self.killed)
        self.counts["calls"] += 1
        try:
            told = answer(records, life.remaining_ms, lambda: self._replicator(life), said)
        except Killed:
            self.counts["killed"] += 1
            return 0
        self.counts.update({key: value for key, value in json.loads(said.getvalue()).items() if isinstance(value, int)})
        numbers = [record["kinesis"]["sequenceNumber"] for record in records]
        return min((numbers.index(each["itemIdentifier"]) for each in told["batchItemFailures"]), default=len(records))

    def _replicator(self, life: Life) -> Replicator:
        if self.chance.random() < 0.005:
            raise BadInput("replicator", "can't read its settings", "wait")
        aside = SetAside(self.checker, "aside")
        return Replicator(REGION, ARN, Mortal(self.mirror, life), aside, life.sleep, self.chance.random)
