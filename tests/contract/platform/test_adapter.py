"""Types the emulator refuses are made through its API behind the front door, as CloudFormation would make them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from tests.contract.platform.doors import Door
from tests.contract.platform.emulators import SOURCE, TARGET

from landbridge.aws.clients import Clients, Timeouts
from landbridge.config.spec import Trading
from landbridge.deploy.deployer import Deployer, Liberties, Standing
from landbridge.deploy.graph import Place
from landbridge.deploy.manifest import Home, Manifest, StackSpec
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.model.errors import Refused
from landbridge.model.region import Region


@dataclass(frozen=True)
class Adapted:
    """A region behind a door that adapts."""

    clients: Clients
    trading: Trading
    patience: Patience

    def deployer(self, suffix: str, **resources: Any) -> Deployer:
        """A deployer of one stack of these resources."""
        body = json.dumps({"Resources": resources.pop("resources"), **resources})
        stack = StackSpec("odd", Home.TARGET, suffix + body, body)
        platform = self.trading.platform.model_copy(update={"environment_suffix": suffix})
        told: list[tuple[Place, str]] = []
        liberties = Liberties(tell=lambda place, what: told.append((place, what)))
        manifest = Manifest("trading", (stack,))
        return Deployer(self.clients, manifest, platform, self.trading.pens, sleep=self.patience.sleep, liberties=liberties)


@pytest.fixture(name="adapted", scope="module")
def _adapted(endpoints: Mapping[Region, str], trading: Trading, patience: Patience) -> Iterator[Adapted]:
    with Door(TARGET, endpoints[TARGET]) as door, Door(SOURCE, endpoints[SOURCE]) as source:
        clients = Clients({TARGET: door.url, SOURCE: source.url}, timeouts=Timeouts(read=30.0))
        door.adapt(clients)
        yield Adapted(clients, trading, patience)


VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}
SUBNET = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.9.0.0/24"}}
ADDRESS = {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc", "Tags": [{"Key": "Name", "Value": "nat"}]}}
NAT = {
    "Type": "AWS::EC2::NatGateway",
    "Properties": {"SubnetId": {"Ref": "Subnet"}, "AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}},
}
NETWORK = {"Vpc": VPC, "Subnet": SUBNET, "Address": ADDRESS, "Nat": NAT}
TOLD = {
    "Allocation": {"Value": {"Fn::GetAtt": ["Address", "AllocationId"]}},
    "Ip": {"Value": {"Ref": "Address"}},
    "Nat": {"Value": {"Ref": "Nat"}},
    "Subnet": {"Value": {"Ref": "Subnet"}},
}


def test_made_wired_and_deleted(adapted: Adapted) -> None:
    """Ref and GetAtt lead to what the API made, the template comes back as it was written, and all of it goes."""
    deployer = adapted.deployer("wired", resources=NETWORK, Outputs=TOLD)
    outputs = deploy(deployer, TARGET, adapted.patience)["odd"]
    ec2 = adapted.clients.client("ec2", TARGET)
    (nat,) = ec2.describe_nat_gateways(NatGatewayIds=[outputs["Nat"]])["NatGateways"]
    (address,) = [each for each in ec2.describe_addresses()["Addresses"] if each["PublicIp"] == outputs["Ip"]]
    assert (nat["SubnetId"], outputs["Allocation"]) == (outputs["Subnet"], address["AllocationId"])
    assert {"Key": "Name", "Value": "nat"} in address["Tags"]
    stack = deployer.stack("odd")
    assert deployer.look(stack, TARGET).standing is Standing.CURRENT
    with deployer.calls(stack, TARGET) as live:
        assert {each["ResourceType"] for each in live.resources()} == {made["Type"] for made in NETWORK.values()}
    destroy(deployer, TARGET, adapted.patience)
    left = ec2.describe_nat_gateways(NatGatewayIds=[outputs["Nat"]])["NatGateways"]
    assert [each["State"] for each in left if each["State"] != "deleted"] == []
    assert address["AllocationId"] not in [each["AllocationId"] for each in ec2.describe_addresses()["Addresses"]]


def _group(port: int) -> dict[str, Any]:
    rule = {"GroupId": {"Ref": "Group"}, "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.8.0.0/16"}
    return {
        "Vpc": VPC,
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Ref": "Vpc"}, "GroupDescription": "of this test"}},
        "Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule},
    }


def test_updated(adapted: Adapted) -> None:
    """What changed is made anew, and what was before is gone."""
    deploy(adapted.deployer("updated", resources=_group(5432)), TARGET, adapted.patience)
    deployer = adapted.deployer("updated", resources=_group(5433))
    (change,) = deployer.foresee(deployer.stack("odd"), TARGET)
    assert (change.resource, change.kind) == ("Rule", "AWS::EC2::SecurityGroupIngress")
    deploy(deployer, TARGET, adapted.patience)
    found = adapted.clients.client("ec2", TARGET).describe_security_groups()["SecurityGroups"]
    groups = [group for group in found if group["Description"] == "of this test"]
    ports = [rule.get("FromPort") for group in groups for rule in group["IpPermissions"]]
    assert {5432, 5433} & set(ports) == {5433}
    destroy(deployer, TARGET, adapted.patience)


def test_what_the_api_refuses_fails_the_stack_with_its_reason(adapted: Adapted) -> None:
    """And what was made before goes back."""
    rule = {"GroupId": "sg-nowhere", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.8.0.0/16"}
    wrong = {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}
    deployer = adapted.deployer("refused", resources={"Address": ADDRESS, "Rule": wrong})
    with pytest.raises(Refused, match=r"Rule: .*sg-nowhere"):
        deploy(deployer, TARGET, adapted.patience)
    destroy(deployer, TARGET, adapted.patience)


def test_a_global_service_is_asked_where_it_answers(adapted: Adapted) -> None:
    """A health check of a stack in the target lies in us-east-1."""
    check = {"Type": "HTTPS", "FullyQualifiedDomainName": "x.example", "RequestInterval": 10, "Port": 443, "EnableSNI": True}
    made = {"Check": {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": check}}}
    deployer = adapted.deployer("health", resources=made, Outputs={"Check": {"Value": {"Ref": "Check"}}})
    check_id = deploy(deployer, TARGET, adapted.patience)["odd"]["Check"]
    found = adapted.clients.client("route53", SOURCE).get_health_check(HealthCheckId=check_id)["HealthCheck"]
    assert found["HealthCheckConfig"]["Port"] == 443
    destroy(deployer, TARGET, adapted.patience)
