"""S3 Control and CloudFormation in memory, as far as copying of objects asks them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients
from landbridge.model.region import Region


def no(code: str, message: str = "") -> ClientError:
    """AWS says no."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "call")


@dataclass
class FakeControl:
    """Jobs by their token; pages of one."""

    jobs: list[dict[str, Any]] = field(default_factory=list)
    clock: Callable[[], float] = float

    def create_job(self, **given: Any) -> dict[str, str]:
        """One a token."""
        same = [job for job in self.jobs if job["ClientRequestToken"] == given["ClientRequestToken"]]
        if not same:
            created = datetime.fromtimestamp(self.clock(), UTC)
            self.jobs.append({**given, "JobId": f"job-{len(self.jobs)}", "Status": "Active", "CreationTime": created})
        return {"JobId": (same or self.jobs[-1:])[0]["JobId"]}

    def list_jobs(self, *, AccountId: str, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803
        """Every job of the account."""
        at = int(NextToken)
        found = [job for job in self.jobs if job["AccountId"] == AccountId]
        more = {"NextToken": str(at + 1)} if at + 1 < len(found) else {}
        return {"Jobs": found[at : at + 1], **more}

    def update_job_status(self, *, AccountId: str, JobId: str, RequestedJobStatus: str) -> None:  # noqa: N803
        """Ends one."""
        for job in self.jobs:
            if (job["AccountId"], job["JobId"]) == (AccountId, JobId):
                job["Status"] = RequestedJobStatus

    def end(self, status: str, succeeded: int = 0, failed: int = 0) -> None:
        """The newest has ended."""
        counts = {"TotalNumberOfTasks": succeeded + failed, "NumberOfTasksSucceeded": succeeded, "NumberOfTasksFailed": failed}
        self.jobs[-1] |= {"Status": status, "ProgressSummary": counts}


@dataclass
class FakeStacks:
    """One stack, or none, whose switch makes the rule of a bucket when it is told to be done."""

    name: str
    parameters: dict[str, str]
    s3: "FakeBuckets"
    status: str = "UPDATE_COMPLETE"
    changes: int = 0
    clock: Callable[[], float] = float
    changed: float = 0.0

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803
        """As it stands."""
        if StackName != self.name:
            raise no("ValidationError", f"Stack with id {StackName} does not exist")
        given = [{"ParameterKey": name, "ParameterValue": value} for name, value in self.parameters.items()]
        changed = datetime.fromtimestamp(self.changed, UTC)
        return {"Stacks": [{"StackStatus": self.status, "Parameters": given, "LastUpdatedTime": changed}]}

    def update_stack(self, *, Parameters: list[dict[str, Any]], **_rest: Any) -> None:  # noqa: N803
        """Begun; refused when nothing would change."""
        wanted = {each["ParameterKey"]: each.get("ParameterValue", self.parameters[each["ParameterKey"]]) for each in Parameters}
        if wanted == self.parameters:
            raise no("ValidationError", "No updates are to be performed.")
        self.parameters, self.status = wanted, "UPDATE_IN_PROGRESS"
        self.changes, self.changed = self.changes + 1, self.clock()

    def done(self) -> None:
        """The update has ended."""
        self.status = "UPDATE_COMPLETE"
        there = f"arn:aws:s3:::there-{self.parameters['PeerRegion']}"
        rules = [{"ID": "history", "Status": "Enabled", "Destination": {"Bucket": there}}]
        self.s3.rules = {"Role": "r", "Rules": rules} if self.parameters["Replication"] == "on" else {}


@dataclass
class FakeBuckets:
    """One bucket's replication configuration."""

    rules: dict[str, Any] = field(default_factory=dict)

    def get_bucket_replication(self, **_which: str) -> dict[str, Any]:
        """None is an error."""
        if not self.rules:
            raise no("ReplicationConfigurationNotFoundError")
        return {"ReplicationConfiguration": self.rules}

    def put_bucket_replication(self, *, ReplicationConfiguration: dict[str, Any], **_which: str) -> None:  # noqa: N803
        """In place of what was there."""
        self.rules = ReplicationConfiguration

    def delete_bucket_replication(self, **_which: str) -> None:
        """No rules."""
        self.rules = {}


class FakeClients(Clients):
    """Hands out the fakes by service."""

    def __init__(self, fakes: Mapping[str, Any]) -> None:
        super().__init__()
        object.__setattr__(self, "fakes", fakes)

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """Of any region."""
        del region, retries
        return vars(self)["fakes"][service]
