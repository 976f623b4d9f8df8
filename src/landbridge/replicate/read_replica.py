"""A read replica of an RDS instance in another region: made and removed with the stack of its region, watched here.

The lag is RDS's own ReplicaLag. A row of ours would be a better measure, but the database lies in subnets that no engine
reaches. On a writer that nobody writes to RDS tells up to five minutes though nothing is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Refused
from landbridge.model.measure import Lag, Position
from landbridge.model.region import Region

LOOK_BACK = timedelta(minutes=5)
PERIOD = 60  # seconds: as fine as RDS tells it


@dataclass(frozen=True)
class ReadReplica:
    """The instance of the target, which copies from the one of the same name at the source."""

    clients: Clients
    instance: str
    region: Region
    clock: Callable[[], float]

    def copied(self) -> bool:
        """Whether the target has an instance that copies from another."""
        return bool(self._source())

    def begun(self) -> bool:
        """Its stack begins all of it."""
        return self.copied()

    def start(self) -> None:
        """Refused: a replica comes with its stack, and one that was promoted can't become a replica again."""
        if not self.copied():
            why = "its instance copies from none: was it promoted? A writer can't become a replica; its stack must be made anew"
            raise Refused(self.region, f"copying the database into {self.instance}", why)

    def stop(self) -> None:
        """It goes with its stack."""

    def beat(self) -> None:
        """RDS measures by itself."""

    def lag(self) -> Lag | None:
        """The newest that RDS told; None = it told none lately, or that it does not copy."""
        found = self._described()
        if found is None or found["DBInstanceStatus"] != "available":
            return None
        newest = self._newest()
        return None if newest is None or newest < 0 else timedelta(seconds=newest)

    def position(self) -> Position:
        """What RDS says of it."""
        found = self._described() or {}
        return Position(f"replica of {self._source() or 'none'}, {found.get('DBInstanceStatus', 'absent')}")

    def _newest(self) -> float | None:
        now = datetime.fromtimestamp(self.clock(), UTC)
        named = [{"Name": "DBInstanceIdentifier", "Value": self.instance}]
        with speaking(self.region, f"GetMetricStatistics ReplicaLag {self.instance}"):
            told = self.clients.client("cloudwatch", self.region).get_metric_statistics(
                Namespace="AWS/RDS",
                MetricName="ReplicaLag",
                Dimensions=named,
                StartTime=now - LOOK_BACK,
                EndTime=now + timedelta(seconds=PERIOD),
                Period=PERIOD,
                Statistics=["Maximum"],
            )["Datapoints"]
        return float(max(told, key=lambda point: point["Timestamp"])["Maximum"]) if told else None

    def _source(self) -> str:
        return str((self._described() or {}).get("ReadReplicaSourceDBInstanceIdentifier") or "")

    def _described(self) -> dict[str, Any] | None:
        with speaking(self.region, f"DescribeDBInstances {self.instance}"):
            try:
                told = self.clients.client("rds", self.region).describe_db_instances(DBInstanceIdentifier=self.instance)
            except ClientError as error:
                if said(error).startswith("DBInstanceNotFound"):
                    return None
                raise
        found: dict[str, Any] = told["DBInstances"][0]
        return found
