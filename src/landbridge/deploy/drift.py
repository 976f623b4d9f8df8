"""What differs in AWS from what a stack's template made, told by resource and property; what is ours to move is no drift."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Place
from landbridge.model.errors import Refused

LOOKS, PAUSE = 200, 1.5
SWITCHED = "a switchover moved it"
EXPECTED = {
    ("AWS::DynamoDB::GlobalTable", "/Replicas"): "the migration adds and drops replicas",
    ("AWS::Lambda::EventSourceMapping", "/Enabled"): "the migration moves who reads",
    ("AWS::RDS::DBCluster", "/GlobalClusterIdentifier"): SWITCHED,
    ("AWS::RDS::DBCluster", "/ReplicationSourceIdentifier"): SWITCHED,
    ("AWS::RDS::DBCluster", "/SourceRegion"): SWITCHED,
}


@dataclass(frozen=True, slots=True)
class Drifted:
    """One resource that is not as its template made it; `expected` says why that is right, where it is."""

    place: Place
    resource: str
    kind: str
    what: str
    expected: str = ""

    def __str__(self) -> str:
        reason = f" (as it should be: {self.expected})" if self.expected else ""
        return f"{self.place}: {self.resource} ({self.kind}) {self.what}{reason}"


def drift(deployer: Deployer, place: Place, sleep: Callable[[float], None]) -> list[Drifted]:
    """Lets CloudFormation look, waits for it, and tells what it found; nothing for a stack that isn't there."""
    stack = deployer.stack(place.stack)
    with deployer.calls(stack, place.region) as live:
        if live.find() is None:
            return []
        detection = live.cloudformation.detect_stack_drift(StackName=live.name)["StackDriftDetectionId"]
        for _ in range(LOOKS):
            told = live.cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
            if told["DetectionStatus"] == "DETECTION_COMPLETE":
                return [found for each in _drifts(live.cloudformation, live.name) for found in _told(place, each)]
            if told["DetectionStatus"] == "DETECTION_FAILED":
                raise Refused(place.region, f"looking for drift in {place.stack}", told.get("DetectionStatusReason", "no reason"))
            sleep(PAUSE)
    raise Refused(place.region, f"looking for drift in {place.stack}", "it took more than five minutes; try again")


def _drifts(cloudformation: Any, name: str) -> Iterator[Any]:
    call: dict[str, Any] = {"StackName": name, "StackResourceDriftStatusFilters": ["MODIFIED", "DELETED"]}
    while True:
        page = cloudformation.describe_stack_resource_drifts(**call)
        yield from page["StackResourceDrifts"]
        if not page.get("NextToken"):
            return
        call["NextToken"] = page["NextToken"]


def _told(place: Place, each: Any) -> Iterator[Drifted]:
    resource, kind = str(each["LogicalResourceId"]), str(each["ResourceType"])
    if each["StackResourceDriftStatus"] == "DELETED":
        yield Drifted(place, resource, kind, "is gone")
    for found in each.get("PropertyDifferences", ()):
        path = str(found["PropertyPath"])
        reasons = (why for (of, start), why in EXPECTED.items() if of == kind and f"{path}/".startswith(f"{start}/"))
        what = f"{path} is {found.get('ActualValue', 'not set')}, should be {found.get('ExpectedValue', 'not set')}"
        yield Drifted(place, resource, kind, what, next(reasons, ""))
