"""S3 Batch Operations of one region: the jobs that copy or restore what a bucket holds, one task a version."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from landbridge.aws.clients import speaking
from landbridge.model.errors import LandbridgeError, Refused
from landbridge.model.region import Region
from landbridge.rehearse.fabric.objects import listing
from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.ledger import Place
from landbridge.rehearse.fabric.objects.listing import Listed
from landbridge.rehearse.fabric.objects.queue import Act, Task
from landbridge.rehearse.fabric.objects.rules import covering

Given = Mapping[str, Any]
REPLICATE = "S3ReplicateObject"
ARRIVES_SECONDS = 0.01
NONE = "NONE"  # the status of what no rule ever saw
ENDED = frozenset({"Complete", "Failed", "Cancelled"})


@dataclass
class Job:
    """One job and how far it is."""

    number: str
    given: Given
    created: float
    status: str = "Preparing"
    why: str = ""
    total: int = 0
    succeeded: int = 0
    failed: int = 0
    runs: asyncio.Task[None] | None = field(default=None, repr=False)

    def told(self) -> dict[str, Any]:
        """As DescribeJob tells it."""
        counts = {"TotalNumberOfTasks": self.total, "NumberOfTasksSucceeded": self.succeeded, "NumberOfTasksFailed": self.failed}
        said = {name: self.given[name] for name in ("Description", "Operation", "Priority", "RoleArn") if name in self.given}
        created = datetime.fromtimestamp(self.created, UTC).isoformat().replace("+00:00", "Z")
        reasons = {"FailureReasons": [{"FailureCode": "Refused", "FailureReason": self.why}]} if self.why else {}
        return {
            **said,
            "JobId": self.number,
            "Status": self.status,
            "CreationTime": created,
            "ProgressSummary": counts,
            **reasons,
        }

    def note(self, *, done: bool) -> None:
        """One task has ended; the last ends the job."""
        self.succeeded, self.failed = self.succeeded + done, self.failed + (not done)
        if self.status == "Active" and self.succeeded + self.failed == self.total:
            self.status = "Complete"


@dataclass
class Jobs:
    """A region's jobs; `name` makes their ids."""

    agent: ObjectReplication
    region: Region
    name: Callable[[], str]
    sleep: Callable[[float], None] = time.sleep
    kept: dict[str, Job] = field(default_factory=dict)
    _by_token: dict[str, str] = field(default_factory=dict)

    def create(self, given: Given) -> Job:
        """The job of this token, begun if there is none yet."""
        token = str(given["ClientRequestToken"])
        if token not in self._by_token:
            job = Job(self.name(), given, self.agent.clock())
            self.kept[job.number], self._by_token[token] = job, job.number
            job.runs = asyncio.create_task(self._run(job))
        return self.kept[self._by_token[token]]

    def cancel(self, job: Job) -> None:
        """What was not begun is not done; ended jobs stay as they are."""
        if job.status not in ENDED:
            job.status = "Cancelled"

    async def stop(self) -> None:
        """No job runs any more."""
        tasks = [job.runs for job in self.kept.values() if job.runs is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job) -> None:
        (operation,) = job.given["Operation"]
        try:
            keys = await asyncio.to_thread(self._manifest, job.given)
        except LandbridgeError as error:
            job.status, job.why = "Failed", str(error)
            return
        job.total = sum(len(wanted) for _, wanted in keys)
        job.status = "Active" if job.total else "Complete"
        for versions, wanted in keys:
            if job.status == "Cancelled":
                return
            if operation == REPLICATE:
                self.agent.add(_stack(job, versions, wanted, self.agent.clock()))
            else:
                await asyncio.to_thread(self._restore, job, job.given["Operation"][operation], sorted(wanted, key=str))

    def _manifest(self, given: Given) -> list[tuple[list[Listed], frozenset[Place]]]:
        """Key by key every version, oldest first, and which of them the job is for."""
        generator = given["ManifestGenerator"]["S3JobManifestGenerator"]
        bucket, chosen = str(generator["SourceBucket"]).rpartition(":")[2], generator.get("Filter", {})
        if REPLICATE in given["Operation"] and not self.agent.rules(self.region, bucket):
            raise Refused(self.region, f"the job on {bucket}", "it has no replication configuration")
        return list(self._keys(bucket, chosen))

    def _keys(self, bucket: str, chosen: Given) -> Iterator[tuple[list[Listed], frozenset[Place]]]:
        found = listing.every(self.agent.clients, self.region, bucket)
        for _, versions in groupby(found, key=lambda each: each.place.key):
            oldest_first = list(versions)[::-1]
            while oldest_first[0].place.where in self.agent.ledger.arriving:  # or a copy would be taken for a user's, and go back
                self.sleep(ARRIVES_SECONDS)
            wanted = frozenset(each.place for each in oldest_first if self._chosen(each, chosen))
            if wanted:
                yield oldest_first, wanted

    def _chosen(self, each: Listed, chosen: Given) -> bool:
        """By the filters of the manifest."""
        rule = covering(self.agent.rules(self.region, each.place.bucket), each.place.key)
        if chosen.get("EligibleForReplication") and (rule is None or (each.marker and not rule.markers)):
            return False
        statuses, classes = chosen.get("ObjectReplicationStatuses"), chosen.get("MatchAnyStorageClass")
        status = self.agent.ledger.status(each.place) or NONE
        return (not statuses or status in statuses) and (not classes or each.storage_class in classes)

    def _restore(self, job: Job, how: Given, places: list[Place]) -> None:
        """Asks for each; that it was asked for is all the job tells."""
        tier = {"Tier": str(how["GlacierJobTier"]).capitalize()}
        for place in places:
            try:
                with speaking(self.region, f"RestoreObject {place.key}"):
                    self.agent.clients.client("s3", self.region).restore_object(
                        Bucket=place.bucket,
                        Key=place.key,
                        VersionId=place.version,
                        RestoreRequest={"Days": how["ExpirationInDays"], "GlacierJobParameters": tier},
                    )
            except LandbridgeError:
                job.note(done=False)
            else:
                job.note(done=True)


def _stack(job: Job, versions: list[Listed], wanted: frozenset[Place], now: float) -> Task:
    every = tuple((each.place, each.marker) for each in versions)
    return Task(Act.STACK, every[0][0], now, every, wanted, lambda copied: job.note(done=copied))
