"""Two regions with a service behind its load balancer and a function each, over one database, and clients that never give up."""

import asyncio
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract.payments.region import Region, Task, fetch, named
from tests.unit.rehearse_payments.fronts import front

from landbridge.rehearse.payments.balancer import Balancer, Passed

PAYMENT: dict[str, Any] = {"amount": 1250, "currency": "USD", "token": "tok_4fK2hQ81xZ", "last_four": "4242"}
# What Lambda does: takes a batch, calls the function, deletes what does not come again. It is killed at any moment.
LAMBDA = """
import os, boto3
from landbridge.workloads.payments import events
sqs, queue = boto3.client("sqs", region_name=os.environ["AWS_REGION"]), os.environ["EVENTS_QUEUE"]
while True:
    told = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=2, WaitTimeSeconds=1)
    records = [{"messageId": each["MessageId"], "body": each["Body"]} for each in told.get("Messages", ())]
    if records:
        answer = events.handler({"Records": records}, None)
        again = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        for each in told["Messages"]:
            if each["MessageId"] not in again:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
"""


@dataclass
class Side:
    """One region."""

    region: Region
    folder: Path
    front: str = ""
    passed: list[Passed] = field(default_factory=list)
    task: Task = field(init=False)
    worker: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.task = Task(self.region, self.folder / f"{self.region.name}.log", tls=False)

    def up(self) -> None:
        """Service and function."""
        self.task.started()
        self.works()

    def works(self) -> None:
        """A function begins."""
        own = {"PYTHONPATH": str(Path(__file__).parents[3] / "src"), "PATH": os.environ["PATH"]}
        log = (self.folder / f"{self.region.name}.worker").open("ab")
        with log:
            command = [sys.executable, "-c", LAMBDA]
            self.worker = subprocess.Popen(command, env={**self.region.environment, **own}, stdout=log, stderr=log)

    def works_no_more(self) -> None:
        """It is killed, whatever it does."""
        if self.worker:
            self.worker.kill()
            self.worker.wait()

    def out(self) -> None:
        """All that computes here is gone at once; what is stored stays."""
        self.task.gone()
        self.works_no_more()

    def waiting(self) -> int:
        """How many messages lie in the queue, or are with a function."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.region.client("sqs").get_queue_attributes(QueueUrl=self.region.queue, AttributeNames=names)
        return sum(int(told["Attributes"][name]) for name in names)


@contextmanager
def balanced(sides: list[Side]) -> Iterator[None]:
    """A load balancer with the region's deployed rules before each service, in a thread of their own."""
    up, loop = threading.Event(), asyncio.new_event_loop()

    async def run(ended: asyncio.Event) -> None:
        balancers = [Balancer(front(side.region.name), time.monotonic, side.passed.append, quicker=40) for side in sides]
        for side, balancer in zip(sides, balancers, strict=True):
            balancer.register(side.task.url)
            await balancer.start()
            side.front = balancer.url()
        up.set()
        await ended.wait()
        for balancer in balancers:
            await balancer.stop()

    ended = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(run(ended)))
    thread.start()
    try:
        assert up.wait(30)
        yield
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@dataclass
class Client:
    """Pays until it is answered, in one region and then in the other."""

    sides: list[Side]
    name: str
    chance: random.Random
    sessions: dict[str, str] = field(default_factory=dict)
    refused: int = 0

    def pay(self, key: str) -> str:
        """The payment's id."""
        for side in itertools.cycle(self.chance.sample(self.sides, len(self.sides))):
            status, told = self._ask(side, "/payments", PAYMENT, {"idempotency-key": key})
            if status == 202:
                return str(told["payment"])
            assert status in {0, 401, 502, 503, 504}, (status, told)
            self.refused += 1
            time.sleep(0.05)
        raise AssertionError

    def _ask(self, side: Side, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        session = self.sessions.get(side.region.name)
        if not session:
            status, told = self._send(side, "/session", {}, {"authorization": named(self.name)})
            if status != 201:
                return status, told
            session = self.sessions[side.region.name] = told["session"]
        return self._send(side, path, body, {"authorization": f"Bearer {session}", **headers})

    def _send(self, side: Side, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        sent = {"cloudfront-viewer-country": "US", "x-viewer": self.name, **headers}
        try:
            return fetch("POST", side.front + path, json.dumps(body).encode(), sent)
        except OSError:
            return 0, None
