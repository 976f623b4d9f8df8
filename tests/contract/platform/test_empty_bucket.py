"""CloudFormation alone, without us, has a bucket emptied when its stack goes, and not when only the resource does.

The emulator deletes a bucket with all that is in it, which AWS refuses. So what is emptied here stands outside the stack.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.contract.platform.emulators import TARGET, Environments, every_stack

from landbridge.aws.clients import Clients
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.run import Patience, deploy, destroy

SUFFIX = "emptied"
STACK = f"trading-analytics-artifacts-{SUFFIX}"
INSIDE, OUTSIDE = (f"trading-analytics-{kind}-{SUFFIX}-{TARGET}" for kind in ("artifacts", "outside"))


@pytest.fixture
def s3(environments: Environments, clients: Clients, manifest: Manifest, patience: Patience) -> Iterator[Any]:
    """Two buckets, each with two versions and a marker in it, one of them the stack's."""
    alone = replace(manifest, stacks=tuple(manifest.stack(name) for name in ("keys", "artifacts")))
    deployer = environments.deployer(SUFFIX, alone)
    deploy(deployer, TARGET, patience)
    s3 = clients.client("s3", TARGET)
    s3.create_bucket(Bucket=OUTSIDE, CreateBucketConfiguration={"LocationConstraint": TARGET})
    s3.put_bucket_versioning(Bucket=OUTSIDE, VersioningConfiguration={"Status": "Enabled"})
    for bucket in (INSIDE, OUTSIDE):
        for body in (b"one", b"two"):
            s3.put_object(Bucket=bucket, Key="left", Body=body)
        s3.delete_object(Bucket=bucket, Key="left")
    yield s3
    destroy(deployer, TARGET, patience)
    s3.delete_bucket(Bucket=OUTSIDE)


def _held(s3: Any, bucket: str) -> int:
    page = s3.list_object_versions(Bucket=bucket, Prefix="left")
    return len(page.get("Versions", ())) + len(page.get("DeleteMarkers", ()))


def _wait(cloudformation: Any) -> str:
    for _ in range(200):
        found = [each for each in every_stack(cloudformation) if each["StackName"] == STACK]
        newest = max(found, key=lambda each: each["CreationTime"], default={"StackStatus": "DELETE_COMPLETE"})
        status = str(newest["StackStatus"])  # what went before is listed too
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.1)
    return status


def test_only_a_stack_that_goes_takes_objects_along(s3: Any, clients: Clients, manifest: Manifest) -> None:
    """Turned to another bucket the resource leaves its first one as it was; deleted with its stack it empties the second."""
    cloudformation = clients.client("cloudformation", TARGET)
    template = json.loads(manifest.stack("artifacts").body)
    template["Resources"]["BucketEmptied"]["Properties"]["BucketName"] = OUTSIDE
    given = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["Parameters"]
    cloudformation.update_stack(
        StackName=STACK, TemplateBody=json.dumps(template), Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    assert _wait(cloudformation) == "UPDATE_COMPLETE"
    assert (_held(s3, INSIDE), _held(s3, OUTSIDE)) == (3, 3)
    cloudformation.delete_stack(StackName=STACK)
    assert _wait(cloudformation) == "DELETE_COMPLETE"
    assert _held(s3, OUTSIDE) == 0
