"""Two emulators behind front doors with replication between them, run from a thread of its own."""

import asyncio
import contextlib
import random
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from tests.fakes import REGIONS, SOURCE

from landbridge.aws.clients import Clients, Timeouts
from landbridge.model.region import Pair, Region
from landbridge.rehearse.emulator.adapter import install
from landbridge.rehearse.emulator.bulkhead import Bulkhead
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.emulator.hooks import Hooks
from landbridge.rehearse.emulator.ministack import Emulator
from landbridge.rehearse.fabric.event_source.region import Calls
from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.bare import BareS3
from landbridge.rehearse.fabric.objects.copying import Copier, marked
from landbridge.rehearse.fabric.objects.front import Front
from landbridge.rehearse.fabric.objects.jobs import Jobs
from landbridge.rehearse.fabric.objects.knobs import Knobs

T = TypeVar("T")
ROLE = "arn:aws:iam::000000000000:role/copies"
NUMBERS = count(1)
PATIENCE = 60.0  # seconds


class Place:
    """Stands until it is closed; `knobs` may be turned from any thread."""

    def __init__(self, folder: Path) -> None:
        self.knobs = Knobs()
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="place")
        self._stack = contextlib.AsyncExitStack()

    clients: Clients
    behind: Clients  # past the doors: quicker, and nobody notes it
    agent: ObjectReplication
    jobs: Pair[Jobs]
    doors: dict[Region, FrontDoor]

    def start(self) -> None:
        """Answers when both regions do."""
        self._thread.start()
        self.do(self._start())

    def stop(self) -> None:
        """Nothing is left."""
        self.do(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T], seconds: float = PATIENCE) -> T:
        """Something in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def quiet(self) -> None:
        """Everything that was to be copied has been."""
        eventually(lambda: self.agent.waiting == 0)

    def s3(self, region: Region) -> Any:
        """The client of a region."""
        return self.clients.client("s3", region)

    def buckets(self) -> Pair[str]:
        """A bucket no other test has, in both regions."""
        number = next(NUMBERS)
        names = REGIONS.map(lambda region: f"history-{number}-{region}")
        for region, name in zip(REGIONS, names, strict=True):
            where = {} if region == SOURCE else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            self.s3(region).create_bucket(Bucket=name, **where)
            self.s3(region).put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return names

    async def _start(self) -> None:
        self.doors = {region: FrontDoor(region, Bulkhead(4, 4), random.Random(1)) for region in REGIONS}
        emulators = {}
        for region, door in self.doors.items():
            await door.start()
            self._stack.push_async_callback(door.stop)
            emulator = Emulator(region, self._folder / region, self._folder / f"{region}.log", door.url, files=False)
            self._stack.push_async_callback(emulator.stop)
            await emulator.start()
            door.upstream = emulators[region] = emulator.url
        urls = {region: door.url for region, door in self.doors.items()}
        self.clients = Clients(urls, timeouts=Timeouts(read=30.0))
        self.behind = Clients(emulators, timeouts=Timeouts(read=30.0))
        calls = {region: Calls(region, url) for region, url in urls.items()}
        for each in calls.values():
            self._stack.push_async_callback(each.close)
        agents = marked(Clients(urls, timeouts=Timeouts(1.0, 2.0, 1)), tuple(REGIONS))
        copier = Copier(agents, {region: BareS3(each) for region, each in calls.items()})
        self.agent = ObjectReplication(REGIONS, copier, time.time, self.knobs, random.Random(1))
        names = map("job-{:08}".format, count(1))
        self.jobs = REGIONS.map(lambda region: Jobs(self.agent, region, lambda: next(names)))
        for region, jobs in zip(REGIONS, self.jobs, strict=True):
            self.doors[region].hooks = Hooks(
                adapt=partial(install, self.clients, region), objects=Front(self.agent, region, jobs)
            )
            self._stack.push_async_callback(jobs.stop)
        runs = asyncio.create_task(self.agent.run())
        self._stack.push_async_callback(lambda: _ended(runs))


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def eventually(found: Callable[[], object], seconds: float = 60.0, pause: float = 0.05) -> None:
    """Looks until it is so; fails with what was seen last."""
    until = time.monotonic() + seconds
    while not (seen := found()):
        assert time.monotonic() < until, seen
        time.sleep(pause)


def rule(target: str, *, markers: bool = True) -> dict[str, Any]:
    """Everything is copied to a bucket."""
    on = {"Status": "Enabled"}
    return {
        "ID": "all",
        **on,
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled" if markers else "Disabled"},
        "SourceSelectionCriteria": {"ReplicaModifications": on},
        "Destination": {"Bucket": f"arn:aws:s3:::{target}"},
    }


def copies(place: Place, source: Region, buckets: tuple[str, str], *, markers: bool = True) -> None:
    """A bucket of the region is copied from now on."""
    configuration = {"Role": ROLE, "Rules": [rule(buckets[1], markers=markers)]}
    place.s3(source).put_bucket_replication(Bucket=buckets[0], ReplicationConfiguration=configuration)


@contextlib.contextmanager
def standing(folder: Path) -> Iterator[Place]:
    """A place for as long as the block lasts."""
    place = Place(folder)
    try:
        place.start()
        yield place
    finally:
        place.stop()
