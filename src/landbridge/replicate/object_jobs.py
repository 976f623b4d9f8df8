"""S3 Batch Operations jobs of ours on one bucket, found again by their description and made once by their token.

S3 keeps a job's record for 90 days after its end. A job is named by what it is for and its number; the next number is
begun only when the one before has ended.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.held import ARCHIVES
from landbridge.model.region import Region

COPY, RESTORE = "copy", "restore"
LEFT, DONE = ("NONE", "FAILED"), "COMPLETED"  # how S3 calls what was not copied, and what was
COMPLETE, DEAD = "Complete", frozenset({"Failed", "Cancelled"})
PRIORITY = 10


@dataclass(frozen=True, slots=True)
class Job:
    """One job as S3 Control tells of it."""

    id: str
    number: int
    status: str
    total: int
    succeeded: int
    failed: int
    begun: float  # seconds since 1970

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status == COMPLETE or self.status in DEAD

    def __str__(self) -> str:
        return f"job {self.number} {self.status}, {self.succeeded} of {self.total} done and {self.failed} failed"


@dataclass(frozen=True)
class ObjectJobs:
    """The jobs on one bucket; `role` is asked late, because it comes with the rule."""

    clients: Clients
    region: Region
    bucket: str
    reports: str  # the bucket their reports go to
    role: Callable[[], str]

    def newest(self, purpose: str) -> Job | None:
        """The last one begun for a purpose; None = none."""
        begins = self._description(purpose, None)
        found = [_job(each, begins) for each in self._listed() if str(each.get("Description", "")).startswith(begins)]
        return max(found, key=lambda job: job.number, default=None)

    def copy(self, *, again: bool = False) -> Job:
        """What no rule copied, and what failed; again: what was copied before, too. One that is under way is the answer."""
        chosen = {"EligibleForReplication": True, "ObjectReplicationStatuses": [*LEFT, *[DONE] * again]}
        return self._begin(COPY, {"S3ReplicateObject": {}}, chosen)

    def restore(self, days: int, tier: str) -> Job:
        """Asks for everything archived to be readable for some days; the job ends when it has asked, not when they are."""
        operation = {"S3InitiateRestoreObject": {"ExpirationInDays": days, "GlacierJobTier": tier}}
        return self._begin(RESTORE, operation, {"MatchAnyStorageClass": list(ARCHIVES)})

    def cancel(self, purpose: str) -> None:
        """Ends the one under way."""
        job = self.newest(purpose)
        if job is not None and not job.ended:
            with speaking(self.region, f"UpdateJobStatus {job.id}"):
                self._control.update_job_status(AccountId=self._account, JobId=job.id, RequestedJobStatus="Cancelled")

    def _begin(self, purpose: str, operation: Mapping[str, Any], chosen: Mapping[str, Any]) -> Job:
        last = self.newest(purpose)
        if last is not None and not last.ended:
            return last
        number = 1 + (last.number if last else 0)
        named = self._description(purpose, number)
        partition = self.role().split(":")[1]
        place = {"Bucket": f"arn:{partition}:s3:::{self.reports}", "Prefix": "batch"}
        generator = {"SourceBucket": f"arn:{partition}:s3:::{self.bucket}", "EnableManifestOutput": False, "Filter": chosen}
        with speaking(self.region, f"CreateJob {named}"):
            told = self._control.create_job(
                AccountId=self._account,
                ConfirmationRequired=False,
                Operation=operation,
                ManifestGenerator={"S3JobManifestGenerator": generator},
                Report={**place, "Enabled": True, "Format": "Report_CSV_20180820", "ReportScope": "FailedTasksOnly"},
                ClientRequestToken=hashlib.sha256(named.encode()).hexdigest(),
                Description=named,
                Priority=PRIORITY,
                RoleArn=self.role(),
            )
        return Job(str(told["JobId"]), number, "New", 0, 0, 0, float("inf"))

    def _listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        more: dict[str, str] = {}
        with speaking(self.region, "ListJobs"):
            while True:
                told = self._control.list_jobs(AccountId=self._account, **more)
                found += told.get("Jobs", ())
                if not told.get("NextToken"):
                    return found
                more = {"NextToken": told["NextToken"]}

    def _description(self, purpose: str, number: int | None) -> str:
        return f"landbridge {purpose} {self.bucket} {'' if number is None else number}"

    @property
    def _account(self) -> str:
        return self.role().split(":")[4]

    @property
    def _control(self) -> Any:
        return self.clients.client("s3control", self.region)


def _job(told: Mapping[str, Any], begins: str) -> Job:
    counts = told.get("ProgressSummary", {})
    numbers = (int(counts.get(f"{name}OfTasks{end}", 0)) for name, end in _COUNTS)
    total, succeeded, failed = numbers
    number, begun = str(told["Description"]).removeprefix(begins), told["CreationTime"].timestamp()
    return Job(str(told["JobId"]), int(number), str(told["Status"]), total, succeeded, failed, begun)


_COUNTS = (("TotalNumber", ""), ("Number", "Succeeded"), ("Number", "Failed"))
