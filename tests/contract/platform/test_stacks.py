"""The committed templates deploy in every region they belong to, and leave nothing."""

import dataclasses
import json
import time

import pytest
from tests.contract.platform.emulators import JOURNAL, REGIONS, SOURCE, TARGET, Environments, every_stack

from landbridge.aws.clients import Clients
from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.manifest import Manifest, StackSpec
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.model.errors import Refused
from landbridge.model.region import Region


def _names(deployer: Deployer, region: Region) -> list[str]:
    return [stack.name for stack in deployer.stacks(region)]


def _changed(manifest: Manifest, name: str, edit: str, by: str) -> Manifest:
    def change(stack: StackSpec) -> StackSpec:
        body = stack.body.replace(edit, by)
        return dataclasses.replace(stack, body=body, sha256=f"edited {by}") if stack.name == name else stack

    return dataclasses.replace(manifest, stacks=tuple(change(stack) for stack in manifest.stacks))


def test_each_region_gets_the_stacks_of_its_role(environments: Environments) -> None:
    """The source owns what is born there, the target what stays, both have pens and API, the journal's region the journal."""
    deployer = environments.deployer("roles")
    source, target = _names(deployer, SOURCE), _names(deployer, TARGET)
    assert set(source) - set(target) == {"tables", "credentials"}
    assert set(target) - set(source) == {"logs", "board"}
    assert {"keys", "pens", "api", "streams", "history"} <= set(source) & set(target)
    assert _names(deployer, JOURNAL) == ["journal"]


@pytest.mark.parametrize("region", REGIONS)
def test_every_stack_deploys_and_leaves_nothing(
    region: Region, environments: Environments, clients: Clients, patience: Patience
) -> None:
    """A region is deployed, found current, and removed without a trace; twice, because each call may come again."""
    deployer = environments.deployer("whole")
    for _ in range(2):
        outputs = deploy(deployer, region, patience)
        assert list(outputs) == _names(deployer, region)
        assert all(deployer.look(stack, region).standing is Standing.CURRENT for stack in deployer.stacks(region))
    if region == TARGET:
        _leave_versions_and_markers(clients, region, outputs["artifacts"]["BucketName"])
    for _ in range(2):
        destroy(deployer, region, patience)
    assert _left(clients, region, "whole") == []


def _leave_versions_and_markers(clients: Clients, region: Region, bucket: str) -> None:
    s3 = clients.client("s3", region)
    for body in (b"one", b"two"):
        s3.put_object(Bucket=bucket, Key="left", Body=body)
    s3.delete_object(Bucket=bucket, Key="left")


def _left(clients: Clients, region: Region, suffix: str) -> list[str]:
    tables = clients.client("dynamodb", region).list_tables()["TableNames"]
    buckets = [bucket["Name"] for bucket in clients.client("s3", region).list_buckets()["Buckets"]]
    functions = [each["FunctionName"] for each in clients.client("lambda", region).list_functions()["Functions"]]
    apis = [api["name"] for api in clients.client("apigateway", region).get_rest_apis()["items"]]
    groups = [group["logGroupName"] for group in clients.client("logs", region).describe_log_groups()["logGroups"]]
    stacks = every_stack(clients.client("cloudformation", region))
    standing = [stack["StackName"] for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"]
    return [name for name in (*tables, *buckets, *functions, *apis, *groups, *standing) if suffix in name]


def test_a_killed_begin_is_continued(
    environments: Environments, clients: Clients, manifest: Manifest, patience: Patience
) -> None:
    """A change set made and never executed is absent to a look, and no obstacle to the next begin."""
    deployer, stack = environments.deployer("killed"), manifest.stack("keys")
    cloudformation = clients.client("cloudformation", SOURCE)
    _begin_and_be_killed(clients, deployer, stack, "killed")
    assert deployer.look(stack, SOURCE).standing is Standing.ABSENT
    deployer.begin(stack, SOURCE)
    _until(deployer, stack, Standing.CURRENT)
    assert cloudformation.list_change_sets(StackName=deployer.stack_name(stack))["Summaries"][0]["ChangeSetName"] != (
        "landbridge-killed"
    )
    deployer.begin(stack, SOURCE)  # current: left alone
    assert deployer.look(stack, SOURCE).standing is Standing.CURRENT
    deployer.remove(stack, SOURCE)
    _until(deployer, stack, Standing.ABSENT)


def test_a_change_set_left_alone_can_be_removed(environments: Environments, clients: Clients, manifest: Manifest) -> None:
    """Removing also takes the shell that a killed begin left."""
    deployer, stack = environments.deployer("shell"), manifest.stack("keys")
    _begin_and_be_killed(clients, deployer, stack, "shell")
    deployer.remove(stack, SOURCE)
    _until(deployer, stack, Standing.ABSENT)
    assert _left(clients, SOURCE, "shell") == []


def _begin_and_be_killed(clients: Clients, deployer: Deployer, stack: StackSpec, suffix: str) -> None:
    given = {"EnvironmentSuffix": suffix, "Environment": "production", "CostCenter": "trading-analytics"}
    clients.client("cloudformation", SOURCE).create_change_set(
        StackName=deployer.stack_name(stack),
        ChangeSetName="landbridge-killed",
        ChangeSetType="CREATE",
        TemplateBody=stack.body,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
    )


def _until(deployer: Deployer, stack: StackSpec, standing: Standing) -> None:
    for _ in range(100):
        look = deployer.look(stack, SOURCE)
        if look.standing is standing:
            return
        time.sleep(0.1)
    raise AssertionError(look)


def test_a_changed_template_is_stale_and_updated(environments: Environments, manifest: Manifest, patience: Patience) -> None:
    """A changed resource makes the stack stale, a changed description doesn't; deploying again makes it current."""
    deploy(environments.deployer("edit"), JOURNAL, patience)
    reworded = environments.deployer("edit", _changed(manifest, "journal", "The table of the migration's journal", "The journal"))
    assert reworded.look(reworded.stacks(JOURNAL)[0], JOURNAL).standing is Standing.CURRENT
    edited = environments.deployer(
        "edit", _changed(manifest, "journal", '"PointInTimeRecoveryEnabled": true', '"PointInTimeRecoveryEnabled": false')
    )
    stack = edited.stacks(JOURNAL)[0]
    assert edited.look(stack, JOURNAL).standing is Standing.STALE
    deploy(edited, JOURNAL, patience)
    assert edited.look(stack, JOURNAL).standing is Standing.CURRENT
    destroy(edited, JOURNAL, patience)


def test_a_change_that_would_destroy_a_table_is_refused(environments: Environments, manifest: Manifest) -> None:
    """Renaming a table means losing it: no change set does that by the way, and the table stands as it was."""
    deployer = environments.deployer("harm")
    keys, stack = manifest.stack("keys"), manifest.stack("pens")
    for each in (keys, stack):
        deployer.begin(each, SOURCE)
        _until(deployer, each, Standing.CURRENT)
    other = _changed(manifest, "pens", '"trading-analytics-pens-$', '"trading-other-$')
    renamed = environments.deployer("harm", other)
    with pytest.raises(Refused, match="would destroy PensTable"):
        renamed.begin(other.stack("pens"), SOURCE)
    assert deployer.look(stack, SOURCE).standing is Standing.CURRENT
    for each in (stack, keys):
        deployer.remove(each, SOURCE)
        _until(deployer, each, Standing.ABSENT)


def test_a_failed_stack_says_why_and_is_made_anew(environments: Environments, manifest: Manifest, patience: Patience) -> None:
    """A resource that can't be breaks the create, in CloudFormation's own words; the right template then succeeds."""
    table, no_table = '"Type": "AWS::DynamoDB::Table",', '"Type": "AWS::SSM::Parameter",'
    impossible = _changed(manifest, "pens", table + '\n   "Properties": {', no_table + '"Properties": {"Type": "SecureString",')
    wrong = environments.deployer("broken", impossible)
    right = environments.deployer("broken")
    with pytest.raises(Refused, match="PensTable"):
        deploy(wrong, TARGET, patience)
    assert right.look(manifest.stack("pens"), TARGET).standing is Standing.BROKEN
    deploy(right, TARGET, patience)
    destroy(right, TARGET, patience)


def test_the_api_waits_for_its_artifacts(environments: Environments, manifest: Manifest) -> None:
    """A stack fed by one that isn't there is refused with the name of what is missing."""
    with pytest.raises(Refused, match=r"artifacts\.BucketName"):
        environments.deployer("alone").begin(manifest.stack("api"), SOURCE)


def test_tags_reach_what_was_deployed(environments: Environments, clients: Clients, patience: Patience) -> None:
    """The three tags of RU-8 stand on the stack itself too, with the one a search for leftovers looks for."""
    deployer = environments.deployer("tags")
    deploy(deployer, JOURNAL, patience)
    name = deployer.stack_name(deployer.stacks(JOURNAL)[0])
    found = clients.client("cloudformation", JOURNAL).describe_stacks(StackName=name)["Stacks"][0]["Tags"]
    assert {tag["Key"] for tag in found} == {"CostCenter", "Environment", "EnvironmentSuffix", "Region"}, json.dumps(found)
    destroy(deployer, JOURNAL, patience)
