"""A bucket's copy: a rule for what is put from now on, and a batch job for what was there before.

S3 tells of a copy's fate only object by object, so the lag is measured by an object of ours. There is no lag before the job
has ended: until then the copy is not whole. Archived objects are no part of it; the preflight counts them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model import hearts
from landbridge.model.measure import Lag, Position
from landbridge.model.region import Pair, Region
from landbridge.replicate.object_jobs import COMPLETE, COPY, DEAD, Job, ObjectJobs
from landbridge.replicate.object_rule import Rule, State


@dataclass(frozen=True)
class ObjectReplicator:
    """The copy of one bucket; a copy that is stopped stays where it is."""

    clients: Clients
    regions: Pair[Region]
    buckets: Pair[str]
    rule: Callable[[], Rule]
    jobs: ObjectJobs
    clock: Callable[[], float]

    def copied(self) -> bool:
        """Whether a rule copies, or is being switched."""
        return self.rule().state() is not State.OFF

    def begun(self) -> bool:
        """The job can be begun only when the rule stands, which may take a minute."""
        state = self.rule().state()
        if state is not State.ON:
            return state is State.CHANGING
        job = self.jobs.newest(COPY)
        return job is not None and job.status not in DEAD and not self._is_of_another_rule(job)

    def _is_of_another_rule(self, job: Job) -> bool:
        """What it copied may be gone since, with the bucket it copied to; and what was put after that rule, nobody copied."""
        return job.begun < self.rule().since()

    def start(self) -> None:
        """Switches the rule on, then begins the job; a stack's update is waited for by the next call."""
        rule = self.rule()
        if rule.state() is State.OFF:
            rule.on()
        if rule.state() is State.ON and not self.begun():
            job = self.jobs.newest(COPY)
            self.jobs.copy(again=job is not None and self._is_of_another_rule(job))

    def mend(self) -> None:
        """Another job, for what failed since the last one ended."""
        self.jobs.copy()

    def stop(self) -> None:
        """Ends the job and switches the rule off; what was copied is left."""
        rule = self.rule()
        if rule.state() is State.ON:
            self.jobs.cancel(COPY)
            rule.off()

    def beat(self) -> None:
        """Writes the time at the source."""
        source = self.regions.source
        with speaking(source, f"PutObject {self.buckets.source}/{self._heart}"):
            body = hearts.body(self.clock())
            self._s3(source).put_object(Bucket=self.buckets.source, Key=self._heart, Body=body, ContentType="text/plain")

    def lag(self) -> Lag | None:
        """The age of the newest heartbeat at the target; None = no rule, the job has not ended, or no heartbeat there."""
        if self.rule().state() is not State.ON:
            return None
        job = self.jobs.newest(COPY)
        if job is None or job.status != COMPLETE:
            return None
        at = self._arrived()
        return None if at is None else timedelta(seconds=max(0.0, self.clock() - at))

    def position(self) -> Position:
        """The rule, what S3 says of the newest heartbeat, and how far the job is."""
        state = self.rule().state()
        job: Job | str | None = self.jobs.newest(COPY) if state is State.ON else None
        return Position(f"rule {state}, newest heartbeat {self._fate() or 'absent'}, {job or 'no job'}")

    @property
    def _heart(self) -> str:
        return hearts.object_key(self.regions.source)

    def _arrived(self) -> float | None:
        target, bucket = self.regions.target, self.buckets.target
        with speaking(target, f"GetObject {bucket}/{self._heart}"):
            try:
                return float(self._s3(target).get_object(Bucket=bucket, Key=self._heart)["Body"].read())
            except ClientError as error:
                if said(error) == "NoSuchKey":
                    return None
                raise

    def _fate(self) -> str:
        """PENDING, COMPLETED or FAILED; empty = there is no heartbeat."""
        source, bucket = self.regions.source, self.buckets.source
        with speaking(source, f"HeadObject {bucket}/{self._heart}"):
            try:
                return str(self._s3(source).head_object(Bucket=bucket, Key=self._heart).get("ReplicationStatus", "NONE"))
            except ClientError as error:
                if said(error) in {"404", "NoSuchKey"}:
                    return ""
                raise

    def _s3(self, region: Region) -> Any:
        return self.clients.client("s3", region)
