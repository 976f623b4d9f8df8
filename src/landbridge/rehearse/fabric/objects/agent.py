"""S3 replication between two regions: what passes the front doors is copied by the rules of the buckets it was put into.

Every write to S3 in this world passes a door, so nothing is listed and no notification of the customer's is needed. What
was put before a rule was there is left alone, as on AWS: a batch job copies it. Copies are known by a header and are not
copied back. Cost: a write whose answer nobody heard is found by listing its key.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.rehearse.fabric.objects import listing
from landbridge.rehearse.fabric.objects.calls import Change, Kind
from landbridge.rehearse.fabric.objects.copying import Copier, Gone, Passed
from landbridge.rehearse.fabric.objects.knobs import Knobs
from landbridge.rehearse.fabric.objects.ledger import Ledger, Place, Status
from landbridge.rehearse.fabric.objects.queue import Act, Queue, Task
from landbridge.rehearse.fabric.objects.rules import Rule, covering

POLL_SECONDS = 0.05
PARALLEL = 4
RETRY_SECONDS = 0.25


class ObjectReplication:
    """Plays the replication of every bucket of these regions; `knobs` may be set while it runs."""

    def __init__(
        self, pair: Pair[Region], copier: Copier, clock: Callable[[], float], knobs: Knobs, chance: random.Random
    ) -> None:
        self.pair = pair
        self.knobs = knobs
        self.ledger = Ledger()
        self.clock = clock
        self.clients = copier.clients
        self._queue = Queue(knobs, chance)
        self._copier = copier
        self._rules: dict[tuple[Region, str], tuple[Rule, ...]] = {}
        self._unread: set[tuple[Region, str]] = set()  # buckets whose rules changed and could not be read yet
        self._looks: list[tuple[Region, Change, float]] = []
        self._phase = chance.randrange(1 << 16)
        self._copies = 0
        self._under_way = False
        self._room = asyncio.Semaphore(PARALLEL)

    @property
    def waiting(self) -> int:
        """How much is still to be copied."""
        return len(self._queue) + len(self._looks) + self._under_way

    def rules(self, region: Region, bucket: str) -> tuple[Rule, ...]:
        """Those in force for a bucket."""
        return self._rules.get((region, bucket), ())

    async def noted(self, region: Region, change: Change) -> None:
        """A change at one side; a rule is in force when this returns, or as soon as it can be read."""
        if change.kind is Kind.RULE:
            self._unread.add((region, change.bucket))
            with contextlib.suppress(Unreachable):
                await self._read_rules()
        elif change.kind is Kind.LOOK:
            self._looks.append((region, change, self.clock()))
        else:
            self._note(region, change)

    def add(self, task: Task) -> None:
        """What a job wants done."""
        self._queue.add(task)

    async def run(self) -> None:
        """Copies until cancelled."""
        while True:
            try:
                await self.step()
                await asyncio.sleep(POLL_SECONDS)
            except Unreachable:
                await asyncio.sleep(RETRY_SECONDS)

    async def step(self) -> None:
        """Everything that is due now."""
        await self._read_rules()
        while self._looks and not self._held():
            with contextlib.suppress(Refused):  # the bucket is gone, and what may have been put with it
                await self._look(*self._looks[0])
            del self._looks[0]
        self._under_way = True
        try:
            while not self._held() and (groups := self._queue.due(self.clock())):
                ends = await asyncio.gather(*map(self._carry, groups), return_exceptions=True)
                for failed in filter(None, ends):
                    raise failed
        finally:
            self._under_way = False

    def _held(self) -> bool:
        return self.knobs.stalled or self.knobs.link_down

    def _note(self, region: Region, change: Change) -> None:
        place = Place(region, change.bucket, change.key, change.version)
        rule = covering(self.rules(region, change.bucket), change.key)
        if change.kind is Kind.DELETE:
            self.ledger.forget(place)
        elif change.kind is Kind.TAGS:
            self._note_tags(place, rule)
        elif rule is not None and region in self.pair and (change.kind is Kind.PUT or rule.markers):
            self.ledger.statuses[place] = Status.PENDING
            act = Act.COPY if change.kind is Kind.PUT else Act.MARK
            self._queue.add(Task(act, place, self.clock()))

    def _note_tags(self, place: Place, rule: Rule | None) -> None:
        replica = self.ledger.status(place) is Status.REPLICA
        if rule is not None and (rule.modifications or not replica):
            self._queue.add(Task(Act.TAG, place, self.clock()))

    async def _look(self, region: Region, change: Change, since: float) -> None:
        """What of a key nobody heard of."""
        found = await asyncio.to_thread(listing.of_key, self.clients, region, change.bucket, change.key)
        for version in reversed(found):
            known = self.ledger.status(version.place) is not None
            if not known and version.modified >= since - 1.0:
                kind = Kind.MARKER if version.marker else Kind.PUT
                self._note(region, Change(kind, change.bucket, change.key, version.place.version))

    async def _read_rules(self) -> None:
        for region, bucket in tuple(self._unread):
            self._rules[region, bucket] = await asyncio.to_thread(listing.rules_of, self.clients, region, bucket)
            self._unread.discard((region, bucket))

    async def _carry(self, tasks: list[Task]) -> None:
        """One key's tasks, in order; what finds no answer comes again."""
        async with self._room:
            for number, task in enumerate(tasks):
                try:
                    with contextlib.suppress(Refused):  # what is tagged or taken away there is gone
                        await self._do(task)
                except Unreachable:
                    self._queue.again(tasks[number:])
                    raise

    async def _do(self, task: Task) -> None:
        target = next(region for region in self.pair if region != task.place.region)
        rule = covering(self.rules(task.place.region, task.place.bucket), task.place.key)
        if task.act is Act.STACK:
            await self._stack(task, rule, target)
        elif task.act is Act.TAG:
            twin = self.ledger.twins.get(task.place)
            if twin is not None:
                await self._copier.tag(task.place, twin)
        elif rule is None or self._unlucky():
            self.ledger.statuses[task.place] = Status.FAILED
        else:
            await self._one(task.place, rule, target, marker=task.act is Act.MARK)

    def _unlucky(self) -> bool:
        self._copies += 1
        every = self.knobs.fail_every
        return bool(every) and (self._copies + self._phase) % every == 0

    async def _one(self, place: Place, rule: Rule, target: Region, *, marker: bool) -> bool:
        """Whether it was copied; one that is refused has failed."""
        there = target, rule.bucket, place.key
        self.ledger.arriving.add(there)
        try:
            act = self._copier.mark if marker else self._copier.copy
            self.ledger.copied(place, await act(place, rule, target), marker=marker)
        except (Gone, Passed):
            self.ledger.forget(place)
        except Refused:
            self.ledger.statuses[place] = Status.FAILED
            return False
        finally:
            self.ledger.arriving.discard(there)
        return True

    async def _stack(self, task: Task, rule: Rule | None, target: Region) -> None:
        """Copies what a job wants of a key, and again what is newer, so that the order of versions is the source's."""
        before = False
        known = [place for place, _ in task.versions]
        for place, marker in (*task.versions, *self.ledger.since(task.place.where, known)):
            wanted, old = place in task.wanted, self.ledger.twins.get(place)
            if rule is None or not (wanted or (before and old is not None)):
                continue
            copied = await self._one(place, rule, target, marker=marker)
            if copied and old is not None:
                await self._copier.remove(old)
            before = before or copied
            if wanted and task.done is not None:
                task.done(copied)
