"""The rule by which S3 copies a bucket: a switch of the stack that made the bucket, or a rule of ours in an adopted bucket's.

Whether it stands is read off the bucket either way. Neither on nor off waits for CloudFormation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.replicate.stack_switch import StackSwitch

SWITCH = "Replication"
RULE = "landbridge-"
NO_RULES = "ReplicationConfigurationNotFoundError"


class State(StrEnum):
    """How a rule stands."""

    ON = "on"
    OFF = "off"
    CHANGING = "changing"


class Rule(Protocol):
    """A bucket's rule; every method may be called any number of times."""

    def state(self) -> State:
        """As it stands now."""

    def since(self) -> float:
        """No earlier than when it was last switched, in seconds since 1970."""

    def on(self) -> None:
        """What is put from now on is copied; takes effect by and by."""

    def off(self) -> None:
        """Nothing more is copied; copies stay."""


@dataclass(frozen=True)
class Buckets:
    """A bucket at the source and where it is copied to."""

    clients: Clients
    region: Region
    source: str
    target: str

    def standing(self) -> dict[str, Any]:
        """The source's replication configuration; empty = none."""
        with speaking(self.region, f"GetBucketReplication {self.source}"):
            try:
                told = self.clients.client("s3", self.region).get_bucket_replication(Bucket=self.source)
            except ClientError as error:
                if said(error) == NO_RULES:
                    return {}
                raise
        return dict(told["ReplicationConfiguration"])

    def copied(self) -> bool:
        """Whether an enabled rule copies to the target."""
        rules = self.standing().get("Rules", ())
        return any(rule["Status"] == "Enabled" and self.targeted(rule) for rule in rules)

    def targeted(self, rule: Mapping[str, Any]) -> bool:
        """Whether a rule copies to the target."""
        return bool(rule["Destination"]["Bucket"].rpartition(":")[2] == self.target)


@dataclass(frozen=True)
class StackRule:
    """The rule of a bucket whose stack has a parameter for it; `besides` are parameters that go with it."""

    buckets: Buckets
    stack: str
    besides: Callable[[], Mapping[str, str]]

    @property
    def switch(self) -> StackSwitch:
        """Of the stack."""
        return StackSwitch(self.buckets.clients, self.buckets.region, self.stack)

    def state(self) -> State:
        """What the bucket says, unless its stack is being changed."""
        if self.switch.changing:
            return State.CHANGING
        return State.ON if self.buckets.copied() else State.OFF

    def since(self) -> float:
        """Any change of the stack may have been the one."""
        return self.switch.changed

    def on(self) -> None:
        """One update in place; the bucket stays what it is."""
        self.switch.set({SWITCH: "on", **self.besides()})

    def off(self) -> None:
        """Takes the rule and its roles away."""
        self.switch.set({SWITCH: "off"})


@dataclass(frozen=True)
class BucketRule:
    """A rule of ours beside those an adopted bucket has; `key` is the one copies are encrypted by, empty = none named.

    S3 does not tell since when a rule stands, so its name does.
    """

    buckets: Buckets
    role: str
    key: str
    clock: Callable[[], float]

    def state(self) -> State:
        """As the bucket says."""
        return State.ON if self.buckets.copied() else State.OFF

    def since(self) -> float:
        """By the name of the rule; 0 where there is none of ours."""
        ours = (rule["ID"] for rule in self.buckets.standing().get("Rules", ()) if _is_ours(rule))
        return max((float(name.removeprefix(RULE)) for name in ours), default=0.0)

    def on(self) -> None:
        """Refused where other rules of the bucket copy by another role: a bucket has one for all."""
        standing = self.buckets.standing()
        others = [rule for rule in standing.get("Rules", ()) if not _is_ours(rule)]
        if others and standing["Role"] != self.role:
            why = f"it has rules that copy by {standing['Role']}; give that role our rights and name it in the configuration"
            raise Refused(self.buckets.region, f"copying {self.buckets.source}", why)
        priority = 1 + max((rule.get("Priority", 0) for rule in others), default=0)
        self._put([*others, self._rule(priority)])

    def off(self) -> None:
        """The bucket's other rules stay."""
        standing = self.buckets.standing()
        others = [rule for rule in standing.get("Rules", ()) if not _is_ours(rule)]
        if others != standing.get("Rules", []):
            self._put(others)

    def _rule(self, priority: int) -> dict[str, Any]:
        on = {"Status": "Enabled"}
        minutes = {"Minutes": 15}
        encrypted = {"EncryptionConfiguration": {"ReplicaKmsKeyID": self.key}} if self.key else {}
        chosen = {"ReplicaModifications": on, **({"SseKmsEncryptedObjects": on} if self.key else {})}
        return {
            "ID": f"{RULE}{int(self.clock())}",  # rounded down: never later than the job that follows
            **on,
            "Priority": priority,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": on,
            "SourceSelectionCriteria": chosen,
            "Destination": {
                "Bucket": f"arn:{self.role.split(':')[1]}:s3:::{self.buckets.target}",
                "Metrics": {**on, "EventThreshold": minutes},
                "ReplicationTime": {**on, "Time": minutes},
                **encrypted,
            },
        }

    def _put(self, rules: list[dict[str, Any]]) -> None:
        s3, bucket = self.buckets.clients.client("s3", self.buckets.region), self.buckets.source
        with speaking(self.buckets.region, f"PutBucketReplication {bucket}"):
            if rules:
                s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={"Role": self.role, "Rules": rules})
            else:
                s3.delete_bucket_replication(Bucket=bucket)


def _is_ours(rule: Mapping[str, Any]) -> bool:
    return str(rule.get("ID", "")).startswith(RULE)


def rule_of(made: StackRule, adopted: BucketRule | None) -> Rule:
    """The stack's, where one stands that has the switch; else ours in the bucket; Refused where there is neither."""
    buckets = made.buckets
    with speaking(buckets.region, f"DescribeStacks {made.stack}"):
        try:
            found = buckets.clients.client("cloudformation", buckets.region).describe_stacks(StackName=made.stack)["Stacks"][0]
        except ClientError as error:
            if said(error) != "ValidationError":
                raise
            found = {}
    if any(each["ParameterKey"] == SWITCH for each in found.get("Parameters", ())):
        return made
    if adopted is None:
        why = f"no stack {made.stack} with the parameter {SWITCH} stands, and no role to copy by is configured"
        raise Refused(buckets.region, f"copying {buckets.source}", why)
    return adopted
