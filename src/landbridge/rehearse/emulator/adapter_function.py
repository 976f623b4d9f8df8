"""Makes through their APIs the resources whose types the emulator's CloudFormation refuses; runs inside the emulator.

The front door sends such a type as a custom resource of this function, so that order, Ref, GetAtt, rollback and deletion
stay CloudFormation's own. One file, because it travels alone; which type is made how is a table.
"""

import hashlib
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

Json = dict[str, Any]
GONE = ("NotFound", "NoSuch", "ResourceNotFound")
GLOBAL = frozenset({"route53"})  # asked in one region, whichever the stack's is
AVAILABLE, LOOK_SECONDS = "available", 0.1


def _as_it_is(properties: Json) -> Json:
    return properties


def _rule(peer: str) -> Callable[[Json], Json]:
    """A rule as the API wants it: one permission of the group, for addresses or for another group."""

    def made(properties: Json) -> Json:
        about = {key: value for key, value in properties.items() if key == "Description"}
        permission: Json = {key: properties[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in properties}
        if "CidrIp" in properties:
            permission["IpRanges"] = [{"CidrIp": properties["CidrIp"], **about}]
        else:
            permission["UserIdGroupPairs"] = [{"GroupId": properties[peer], **about}]
        return {"GroupId": properties["GroupId"], "IpPermissions": [permission]}

    return made


def _destination(properties: Json) -> Json:
    where = {"destinationResourceArn": properties["DestinationResourceArn"]}
    return {**properties, "deliveryDestinationConfiguration": where}


def _nothing(_client: Any, _given: Json) -> None:
    """Most things go as they are."""


def _let_go(rds: Any, given: Json) -> None:
    """As CloudFormation does it: the clusters stay, each for itself."""
    name = {"GlobalClusterIdentifier": given["GlobalClusterIdentifier"]}
    for member in rds.describe_global_clusters(**name)["GlobalClusters"][0]["GlobalClusterMembers"]:
        rds.remove_from_global_cluster(**name, DbClusterIdentifier=member["DBClusterArn"])


def _leave(rds: Any, given: Json) -> None:
    """A cluster is no part of a global one when it goes."""
    told = rds.describe_db_clusters(DBClusterIdentifier=given["DBClusterIdentifier"])["DBClusters"][0]
    if told.get("GlobalClusterIdentifier"):
        name = {"GlobalClusterIdentifier": told["GlobalClusterIdentifier"]}
        rds.remove_from_global_cluster(**name, DbClusterIdentifier=told["DBClusterArn"])


def _instance(properties: Json) -> Json:
    """A copy's source is in its name; a call that named the region too would be signed for that one."""
    return {name: value for name, value in properties.items() if name != "SourceRegion"} | {"SkipFinalSnapshot": "true"}


@dataclass(frozen=True)
class Kind:
    """How a type is made: calls by name, `id` as the way to its physical id in the answer.

    `named` is the property that is the physical id where the answer has none. `delete_by` names the parameter that gets the
    id, or, with `of`, an attribute, beside what making it was told. `look` is asked for attributes that are not the id itself.
    With `ready`, the way to a status in that answer, it is made when it is available, and gone when nobody knows of it.
    """

    service: str
    create: str
    id: str
    delete: str
    delete_by: str = ""
    of: str = ""
    tagged: str = ""  # what the API calls the type among its tags
    shaped: Callable[[Json], Json] = _as_it_is
    attributes: tuple[str, ...] = ()  # that are the id
    look: str = ""
    look_by: str = ""
    looked: Mapping[str, str] = field(default_factory=dict)
    update: str = ""  # what AWS changes in place, unless one of `fixed` changed; without it a changed resource is made anew
    update_by: str = ""
    updated: Callable[[Json], Json] = _as_it_is
    fixed: tuple[str, ...] = ()
    before_delete: Callable[[Any, Json], None] = _nothing
    named: str = ""
    ready: str = ""
    copied: str = ""  # the call for an instance that names another one it copies


EIP_LOOK = {"look": "describe_addresses", "look_by": "PublicIps", "looked": {"AllocationId": "Addresses.PublicIp=.AllocationId"}}
ALARM_LOOK = {"look": "describe_alarms", "look_by": "AlarmNames", "looked": {"Arn": "CompositeAlarms.0.AlarmArn"}}
ARN_LOOK = {"look": "get_delivery_destination", "look_by": "name", "looked": {"Arn": "deliveryDestination.arn"}}
CLUSTER_LOOK = {
    "look": "describe_db_clusters",
    "look_by": "DBClusterIdentifier",
    "looked": {
        "DBClusterArn": "DBClusters.0.DBClusterArn",
        "Endpoint.Address": "DBClusters.0.Endpoint",
        "Endpoint.Port": "DBClusters.0.Port",
        "ReadEndpoint.Address": "DBClusters.0.ReaderEndpoint",
    },
}
INSTANCE_LOOK = {
    "look": "describe_db_instances",
    "look_by": "DBInstanceIdentifier",
    "looked": {
        "DBInstanceArn": "DBInstances.0.DBInstanceArn",
        "Endpoint.Address": "DBInstances.0.Endpoint.Address",
        "Endpoint.Port": "DBInstances.0.Endpoint.Port",
    },
}
INGRESS, EGRESS = _rule("SourceSecurityGroupId"), _rule("DestinationSecurityGroupId")
KINDS: Mapping[str, Kind] = {
    "AWS::Backup::BackupSelection": Kind(
        "backup", "create_backup_selection", "SelectionId", "delete_backup_selection", "SelectionId", attributes=("SelectionId",)
    ),
    "AWS::CloudWatch::CompositeAlarm": Kind(
        "cloudwatch", "put_composite_alarm", "", "delete_alarms", "AlarmNames", named="AlarmName",
        shaped=lambda given: {**given, "ActionsEnabled": "true"}, **ALARM_LOOK,  # type: ignore[arg-type]
    ),
    "AWS::EC2::EIP": Kind(
        "ec2", "allocate_address", "PublicIp", "release_address", "AllocationId", "AllocationId", "elastic-ip",
        attributes=("PublicIp",), **EIP_LOOK,  # type: ignore[arg-type]
    ),
    "AWS::EC2::FlowLog": Kind(
        "ec2", "create_flow_logs", "FlowLogIds.0", "delete_flow_logs", "FlowLogIds", tagged="vpc-flow-log",
        shaped=lambda given: {**given, "ResourceIds": [given["ResourceId"]]}, attributes=("Id",),
    ),
    "AWS::EC2::NatGateway": Kind(
        "ec2", "create_nat_gateway", "NatGateway.NatGatewayId", "delete_nat_gateway", "NatGatewayId", tagged="natgateway",
        attributes=("NatGatewayId",),
    ),
    "AWS::EC2::NetworkAcl": Kind(
        "ec2", "create_network_acl", "NetworkAcl.NetworkAclId", "delete_network_acl", "NetworkAclId", tagged="network-acl",
        attributes=("Id",),
    ),
    "AWS::EC2::NetworkAclEntry": Kind(
        "ec2", "create_network_acl_entry", "", "delete_network_acl_entry", update="replace_network_acl_entry",
        fixed=("Egress", "NetworkAclId", "RuleNumber"),
    ),
    "AWS::EC2::SecurityGroupEgress": Kind(
        "ec2", "authorize_security_group_egress", "SecurityGroupRules.0.SecurityGroupRuleId",
        "revoke_security_group_egress", shaped=EGRESS, attributes=("Id",),
    ),
    "AWS::EC2::SecurityGroupIngress": Kind(
        "ec2", "authorize_security_group_ingress", "SecurityGroupRules.0.SecurityGroupRuleId",
        "revoke_security_group_ingress", shaped=INGRESS, attributes=("Id",),
    ),
    "AWS::ECS::Service": Kind(  # the emulator's own takes a number that comes by parameter for a text
        "ecs", "create_service", "service.serviceName", "delete_service", "service", attributes=("Name",),
        shaped=lambda given: {**given, "force": "true"}, update="update_service", update_by="service",
        fixed=("Cluster", "LaunchType", "ServiceName"),
    ),
    "AWS::Lambda::EventSourceMapping": Kind(  # through the door, which alone knows what is asked of one on a stream
        "lambda", "create_event_source_mapping", "UUID", "delete_event_source_mapping", "UUID", attributes=("Id",),
        look="get_event_source_mapping", look_by="UUID", looked={"EventSourceMappingArn": "EventSourceMappingArn"},
        update="update_event_source_mapping", update_by="UUID",
        fixed=("EventSourceArn", "StartingPosition", "StartingPositionTimestamp"),
    ),
    "AWS::EC2::VPCPeeringConnection": Kind(
        "ec2", "create_vpc_peering_connection", "VpcPeeringConnection.VpcPeeringConnectionId",
        "delete_vpc_peering_connection", "VpcPeeringConnectionId", attributes=("Id",),
    ),
    "AWS::Logs::Delivery": Kind("logs", "create_delivery", "delivery.id", "delete_delivery", "id", attributes=("DeliveryId",)),
    "AWS::Logs::DeliveryDestination": Kind(
        "logs", "put_delivery_destination", "deliveryDestination.name", "delete_delivery_destination", "name",
        shaped=_destination, **ARN_LOOK,  # type: ignore[arg-type]
    ),
    "AWS::Logs::DeliverySource": Kind(
        "logs", "put_delivery_source", "deliverySource.name", "delete_delivery_source", "name"
    ),
    "AWS::RDS::DBCluster": Kind(  # at the door, behind which it is a database
        "rds", "create_db_cluster", "DBCluster.DBClusterIdentifier", "delete_db_cluster", "DBClusterIdentifier",
        shaped=lambda given: {**given, "SkipFinalSnapshot": "true"}, **CLUSTER_LOOK,  # type: ignore[arg-type]
        update="modify_db_cluster", update_by="DBClusterIdentifier",
        fixed=("DatabaseName", "DBClusterIdentifier", "MasterUsername", "SourceRegion"),
        before_delete=_leave, ready="DBClusters.0.Status",
    ),
    "AWS::RDS::DBInstance": Kind(
        "rds", "create_db_instance", "DBInstance.DBInstanceIdentifier", "delete_db_instance", "DBInstanceIdentifier",
        shaped=_instance, copied="create_db_instance_read_replica", **INSTANCE_LOOK,  # type: ignore[arg-type]
        ready="DBInstances.0.DBInstanceStatus",
    ),
    "AWS::RDS::GlobalCluster": Kind(
        "rds", "create_global_cluster", "", "delete_global_cluster", "GlobalClusterIdentifier", named="GlobalClusterIdentifier",
        before_delete=_let_go,
    ),
    "AWS::Route53::HealthCheck": Kind(
        "route53", "create_health_check", "HealthCheck.Id", "delete_health_check", "HealthCheckId",
        shaped=lambda given: {**given, "CallerReference": hashlib.sha256(os.urandom(16)).hexdigest()[:32]},
        attributes=("HealthCheckId",),
        update="update_health_check", update_by="HealthCheckId", updated=lambda given: given["HealthCheckConfig"],
    ),
    "AWS::S3::BucketReplication": Kind(  # a property of a bucket, which the emulator drops
        "s3", "put_bucket_replication", "", "delete_bucket_replication", "Bucket", named="Bucket",
        update="put_bucket_replication", update_by="Bucket", fixed=("Bucket",),
    ),
    "AWS::SecretsManager::RotationSchedule": Kind(
        "secretsmanager", "rotate_secret", "", "describe_secret", "SecretId", named="SecretId",  # it can't end a rotation
        shaped=lambda given: {**given, "RotateImmediately": "false"},
    ),
    "AWS::WAFv2::WebACLAssociation": Kind("wafv2", "associate_web_acl", "", "disassociate_web_acl"),
}  # fmt: skip
LEFT_OUT = {
    "AWS::ApplicationAutoScaling::ScalableTarget": "the emulator runs no tasks",
    "AWS::ApplicationAutoScaling::ScalingPolicy": "the emulator runs no tasks",
    "AWS::Backup::RestoreTestingPlan": "the emulator restores nothing",
    "AWS::Backup::RestoreTestingSelection": "the emulator restores nothing",
    "AWS::Budgets::Budget": "the emulator writes no bills",
    "AWS::CE::AnomalyMonitor": "the emulator writes no bills",
    "AWS::CE::AnomalySubscription": "the emulator writes no bills",
    "AWS::EC2::SubnetNetworkAclAssociation": "the emulator does not know which list a subnet has",
    "AWS::WAFv2::LoggingConfiguration": "the emulator keeps no logs of a firewall",
}
TOLD = {"AWS::CE::AnomalyMonitor": ("MonitorArn",)}  # what others ask of a thing that is not made: its made-up id


def handler(event: Json, _context: Any) -> None:
    """Answers every event: silence would hang the stack for an hour."""
    sys.stderr.write(f"{event['RequestType']} {event['LogicalResourceId']}\n")  # a call that logs nothing takes 50 ms more
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId", f"never-made-{event['LogicalResourceId']}")
    try:
        answer = {**answer, "Status": "SUCCESS", **act(event)}
    except Exception as error:
        answer = {**answer, "Status": "FAILED", "Reason": f"{type(error).__name__}: {error}"}
    body = json.dumps(answer).encode()
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT")  # noqa: S310 - the emulator's own address
    urllib.request.urlopen(request, timeout=30).close()  # noqa: S310


def act(event: Json) -> Json:
    """What the event asks for, done; its physical id and attributes."""
    name, properties = str(event["ResourceType"]).removeprefix("Custom::").replace("--", "::"), event["ResourceProperties"]
    kind, physical = KINDS.get(name), event.get("PhysicalResourceId", "")
    if kind is None:
        physical = physical or f"left-out-{event['LogicalResourceId']}"
        return {"PhysicalResourceId": physical, "Data": dict.fromkeys(TOLD.get(name, ()), physical)}
    client = _client(kind.service)
    if event["RequestType"] == "Delete":
        _delete(client, kind, physical, properties)
        return {}
    old = event.get("OldResourceProperties", {})
    changed = event["RequestType"] == "Update" and _without_tags(properties) != _without_tags(old)
    if changed and kind.update and all(properties.get(name) == old.get(name) for name in kind.fixed):
        given = {kind.update_by: physical, **kind.updated(_without_tags(properties))}
        getattr(client, kind.update)(**fitting(client, kind.update, given))
    elif changed or event["RequestType"] == "Create":
        physical = _create(client, kind, properties, str(event["LogicalResourceId"]))
        while kind.ready and at(_look(client, kind, physical), kind.ready) != AVAILABLE:
            time.sleep(LOOK_SECONDS)
    return {"PhysicalResourceId": physical, "Data": _attributes(client, kind, physical)}


def _client(service: str) -> Any:
    """By the front door of the region that answers."""
    door = os.environ.get("GLOBAL_ENDPOINT" if service in GLOBAL else "OWN_ENDPOINT")
    return boto3.client(service, **({"endpoint_url": door} if door else {}))


def _create(client: Any, kind: Kind, properties: Json, logical: str) -> str:
    given = kind.shaped(_without_tags(properties))
    tags = properties.get("Tags", ())
    if kind.tagged and tags:
        given = {**given, "TagSpecifications": [{"ResourceType": kind.tagged, "Tags": tags}]}
    call = kind.copied if kind.copied and properties.get("SourceDBInstanceIdentifier") else kind.create
    answer = getattr(client, call)(**fitting(client, call, given))
    made_up = f"{logical}-{hashlib.sha256(json.dumps(properties, sort_keys=True).encode()).hexdigest()[:12]}"
    return str((at(answer, kind.id) if kind.id else properties.get(kind.named)) or made_up)


def _delete(client: Any, kind: Kind, physical: str, properties: Json) -> None:
    """What is gone already is deleted; what was never made too."""
    if physical.startswith("never-made-"):
        return
    try:
        name = _attributes(client, kind, physical)[kind.of] if kind.of else physical
        given = {**kind.shaped(_without_tags(properties)), **({kind.delete_by: name} if kind.delete_by else {})}
        kind.before_delete(client, given)
        getattr(client, kind.delete)(**fitting(client, kind.delete, given))
        while kind.ready and _look(client, kind, physical):
            time.sleep(LOOK_SECONDS)
    except ClientError as error:
        if not any(word in str(error.response["Error"]["Code"]) for word in GONE):
            raise


def _attributes(client: Any, kind: Kind, physical: str) -> dict[str, str]:
    found = dict.fromkeys(kind.attributes, physical)
    if kind.looked:
        answer = _look(client, kind, physical)
        found.update({name: str(at(answer, path, physical)) for name, path in kind.looked.items()})
    return found


def _look(client: Any, kind: Kind, physical: str) -> Json:
    answer: Json = getattr(client, kind.look)(**fitting(client, kind.look, {kind.look_by: physical}))
    return answer


def _without_tags(properties: Json) -> Json:
    return {key: value for key, value in properties.items() if key not in {"ServiceToken", "ServiceTimeout", "Tags"}}


def at(answer: Any, path: str, wanted: str = "") -> Any:
    """What lies at a dotted path; None when something on the way is missing.

    A step that ends in = chooses of a list what has that name as wanted: not every call of the emulator chooses itself.
    """
    for step in path.split("."):
        try:
            if step.endswith("="):
                answer = next(each for each in answer if each[step[:-1]] == wanted)
            else:
                answer = answer[int(step)] if step.isdigit() else answer[step]
        except (KeyError, IndexError, TypeError, StopIteration):
            return None
    return answer


def fitting(client: Any, call: str, given: Json) -> Json:
    """What of the properties the call knows, as the types it wants: CloudFormation hands custom resources texts only."""
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[call])
    fitted: Json = _fit(given, operation.input_shape)
    return fitted


def _fit(value: Any, shape: Any) -> Any:
    match shape.type_name:
        case "structure":
            names = {name.lower(): name for name in shape.members}
            known = {names[key.lower()]: inner for key, inner in value.items() if key.lower() in names}
            return {name: _fit(inner, shape.members[name]) for name, inner in known.items()}
        case "list":
            return [_fit(inner, shape.member) for inner in (value if isinstance(value, list) else [value])]
        case "boolean":
            return str(value).lower() == "true"
        case "integer" | "long":
            return int(value)
    return value
