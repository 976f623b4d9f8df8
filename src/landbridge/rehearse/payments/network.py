"""The payment network's connector: tells of each payment what became of it, twice and in any order, in any region that serves."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.payments.payment_book import PaymentBook
from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.states import Kind

ROUND_SECONDS, AT_ONCE = 0.25, 8
SHARE = 0.4  # of payments are settled while the rehearsal lasts
KINDS = (Kind.AUTHORIZE, Kind.SETTLE)


@dataclass
class Network:
    """`serving` are the regions it may tell now; what none takes is told again later."""

    clients: Clients
    queue: str
    book: PaymentBook
    serving: Callable[[], Sequence[Region]]
    random: Random
    _seen: set[str] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)
    _urls: dict[Region, str] = field(default_factory=dict)

    async def run(self, until: asyncio.Event) -> None:
        """Until told to stop, and then until everything is told."""
        while not until.is_set() or self._open:
            self._take_up()
            now, later = self._open[:AT_ONCE], self._open[AT_ONCE:]
            told = await asyncio.gather(*map(self._told, now))
            self._open = later + [text for text, done in zip(now, told, strict=True) if not done]
            await asyncio.sleep(ROUND_SECONDS)

    def _take_up(self) -> None:
        """From now on the book expects what the queues are about to be told."""
        for payment in sorted(self.book.accepted - self._seen):
            self._seen.add(payment)
            if self.random.random() < SHARE:
                self.book.told[payment] = KINDS
                self._open += [Event(payment, kind, reference="r-1").text() for kind in KINDS] * 2
        self.random.shuffle(self._open)

    async def _told(self, text: str) -> bool:
        regions = self.serving()
        if not regions:
            return False
        region = self.random.choice(regions)
        try:
            if region not in self._urls:
                told = await ask(self.clients, "sqs", region, "get_queue_url", QueueName=self.queue)
                self._urls[region] = str(told["QueueUrl"])
            await ask(self.clients, "sqs", region, "send_message", QueueUrl=self._urls[region], MessageBody=text)
        except (Unreachable, Refused):
            return False  # it may lie there all the same, and is told again: twice does no harm
        return True
