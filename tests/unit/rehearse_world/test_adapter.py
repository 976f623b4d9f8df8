"""Templates go in adapted and come out as they were written; properties reach the API as the types it wants."""

import json
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode

import boto3
import pytest
from botocore.exceptions import ClientError

from landbridge.rehearse.emulator import adapter_function
from landbridge.rehearse.emulator.adapter import FUNCTION, answered, asked, concerns, left_out
from landbridge.rehearse.emulator.adapter_function import KINDS, LEFT_OUT, act, at, fitting

CHECK = {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": {"Type": "TCP"}}, "Condition": "Live"}
DOOR = "http://127.0.0.1:4566"
TEMPLATE = {"Resources": {"Check": CHECK, "Topic": {"Type": "AWS::SNS::Topic"}}}


def _request(template: Any) -> bytes:
    body = template if isinstance(template, str) else json.dumps(template)
    return urlencode({"Action": "CreateChangeSet", "TemplateBody": body, "Empty": ""}).encode()


def test_a_refused_type_becomes_a_custom_resource_and_comes_back() -> None:
    """The rest of the request and of the template stays; GetTemplate gives what was sent, types read as they are."""
    body, needs = asked(_request(TEMPLATE), set(), DOOR)
    form = parse_qs(body.decode(), keep_blank_values=True)
    sent = json.loads(form["TemplateBody"][0])
    assert (needs, form["Empty"], sent["Resources"]["Topic"]) == (True, [""], {"Type": "AWS::SNS::Topic"})
    check = sent["Resources"]["Check"]
    assert (check["Type"], check["Properties"]["ServiceToken"]) == ("Custom::AWS--Route53--HealthCheck", FUNCTION)
    assert check["Condition"] == "Live"
    told = answered(200, f"<R><TemplateBody>{escape(json.dumps(sent))}</TemplateBody><T>Custom::AWS--EC2--EIP</T></R>".encode())
    assert b"<T>AWS::EC2::EIP</T>" in told
    carried = told.split(b"<TemplateBody>")[1].split(b"</TemplateBody>")[0].decode()
    assert json.loads(carried.replace("&quot;", '"')) == TEMPLATE


@pytest.mark.parametrize(
    "template", [{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}, "{", "[]", "{}", '{"Resources": {"A": 1}}']
)
def test_anything_else_passes_as_it_is(template: Any) -> None:
    """A template without such types, and one that is none: the emulator says what is wrong with it."""
    request = _request(template)
    assert asked(request, set(), DOOR) == (request, False)


def test_an_imported_global_table_is_a_plain_one_to_the_emulator() -> None:
    """From the import on, in that stack alone; what its one replica says it says itself."""
    second = {"Fn::If": ["Two", {"Region": "s"}, {"Ref": "AWS::NoValue"}]}
    ours = {"Key": "a", "Value": "b"}
    replicas: list[dict[str, Any]] = [{"Region": "r", "PointInTimeRecoverySpecification": {"On": True}, "Tags": [ours]}, second]
    properties = {"TableName": "t", "Replicas": replicas}
    template = {"Resources": {"State": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties}}}
    imported: set[str] = set()
    told = {"ResourcesToImport.member.1.ResourceType": "AWS::DynamoDB::GlobalTable", "StackName": "tables"}
    body, needs = asked(_request(template) + b"&" + urlencode(told).encode(), imported, DOOR)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    tag = {"Key": "Replicas", "Value": {"Fn::Join": [" ", ["r", {"Fn::If": ["Two", "s", ""]}]]}}
    table = {"TableName": "t", "PointInTimeRecoverySpecification": {"On": True}, "Tags": [ours, tag]}
    assert json.loads(form["TemplateBody"])["Resources"]["State"] == {"Type": "AWS::DynamoDB::Table", "Properties": table}
    assert (needs, form["ResourcesToImport.member.1.ResourceType"], imported) == (False, "AWS::DynamoDB::Table", {"tables"})
    del replicas[0]["Tags"]  # as in an import, which tells of none
    body, _ = asked(_request(template) + b"&StackName=tables", imported, DOOR)
    told = json.loads(parse_qs(body.decode())["TemplateBody"][0])
    assert "Tags" not in told["Resources"]["State"]["Properties"]
    other = _request(template) + b"&StackName=other"
    assert asked(other, imported, DOOR) == (other, False)


def test_an_object_handed_out_by_an_api_is_fetched_at_the_door() -> None:
    """The emulator sends every integration of this kind to a function; others stay as they are."""
    ours = {"Type": "AWS", "Uri": {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:s3:path/${Bucket}/peer"}}
    theirs = {"Type": "AWS", "Uri": {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:sqs:path/q"}}
    given = {
        name: {"Type": "AWS::ApiGateway::Method", "Properties": {"Integration": each}}
        for name, each in (("A", ours), ("B", theirs))
    }
    body, needs = asked(_request({"Resources": given}), set(), DOOR)
    made = json.loads(parse_qs(body.decode())["TemplateBody"][0])["Resources"]
    fetched = {"Type": "HTTP_PROXY", "IntegrationHttpMethod": "GET", "Uri": {"Fn::Sub": f"{DOOR}/${{Bucket}}/peer"}}
    assert (needs, made["A"]["Properties"]["Integration"], made["B"]) == (False, fetched, given["B"])


@pytest.mark.parametrize("switched", [True, False])
def test_a_buckets_replication_is_a_resource_beside_it(*, switched: bool) -> None:
    """On the condition it has; the emulator would drop the property and say nothing."""
    rules = {"Role": "r", "Rules": [{"Id": "all"}]}
    given = {"Fn::If": ["Copied", rules, {"Ref": "AWS::NoValue"}]} if switched else rules
    template = {"Resources": {"History": {"Type": "AWS::S3::Bucket", "Properties": {"ReplicationConfiguration": given}}}}
    body, needs = asked(_request(template), set(), DOOR)
    made = json.loads(parse_qs(body.decode())["TemplateBody"][0])["Resources"]["HistoryReplication"]
    assert (needs, made["Type"], made.get("Condition")) == (
        True,
        "Custom::AWS--S3--BucketReplication",
        "Copied" if switched else None,
    )
    assert made["Properties"]["Bucket"] == {"Ref": "History"}
    assert made["Properties"]["ReplicationConfiguration"] == rules


def test_a_cluster_is_made_at_the_door_where_databases_are_played() -> None:
    """With its instances, and those of no cluster; where nobody plays them, all are the emulator's."""
    of_cluster = {"Type": "AWS::RDS::DBInstance", "Properties": {"DBClusterIdentifier": "c"}}
    cluster = {"Type": "AWS::RDS::DBCluster", "Properties": {"DBClusterIdentifier": "c"}}
    alone = {"Type": "AWS::RDS::DBInstance", "Properties": {"DBInstanceIdentifier": "i"}}
    request = _request({"Resources": {"Cluster": cluster, "Of": of_cluster, "Alone": alone}})
    assert asked(request, set(), DOOR) == (request, False)
    body, needs = asked(request, set(), DOOR, {"rds": None})
    made = json.loads(parse_qs(body.decode())["TemplateBody"][0])["Resources"]
    assert (needs, [made[name]["Type"] for name in ("Cluster", "Of", "Alone")]) == (
        True,
        ["Custom::AWS--RDS--DBCluster", "Custom::AWS--RDS--DBInstance", "Custom::AWS--RDS--DBInstance"],
    )


def test_a_condition_is_told_the_region() -> None:
    """The emulator takes its name for a text there; anywhere else it knows where it is."""
    here, there = {"Fn::Equals": [{"Ref": "Born"}, {"Ref": "AWS::Region"}]}, {"Fn::Equals": [{"Ref": "Born"}, "r"]}
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "AWS::Region"}}}
    request = _request({"Conditions": {"Here": {"Fn::Not": [here]}}, "Resources": {"Topic": topic}})
    body, needs = asked(request, set(), DOOR, region="r")
    made = json.loads(parse_qs(body.decode())["TemplateBody"][0])
    assert (needs, made["Conditions"], made["Resources"]) == (False, {"Here": {"Fn::Not": [there]}}, {"Topic": topic})


def test_only_cloudformation_is_concerned() -> None:
    """By the service the request is signed for."""
    signed = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{}/aws4_request, SignedHeaders=host"
    assert concerns({"Authorization": signed.format("cloudformation")})
    assert not concerns({"Authorization": signed.format("sqs")})
    assert not concerns({})


def test_what_is_not_made_is_listed_by_name() -> None:
    """With the reason; no type is both made and left out."""
    (line,) = left_out({"Resources": {"A": {"Type": "AWS::WAFv2::LoggingConfiguration"}, "B": CHECK}})
    assert line.startswith("AWS::WAFv2::LoggingConfiguration: the emulator")
    assert not KINDS.keys() & LEFT_OUT.keys()
    made = act({"ResourceType": "Custom::AWS--WAFv2--LoggingConfiguration", "ResourceProperties": {}, "LogicalResourceId": "Log"})
    assert made == {"PhysicalResourceId": "left-out-Log", "Data": {}}


def _client(service: str) -> Any:
    return boto3.session.Session().client(service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_call_of_the_table_is_one_of_the_api(name: str) -> None:
    """Made, looked at and deleted by calls boto3 has, with parameters they know."""
    kind = KINDS[name]
    client = _client(kind.service)
    assert {call for call in (kind.create, kind.delete, kind.look) if call and not hasattr(client, call)} == set()
    if kind.delete_by:
        assert fitting(client, kind.delete, {kind.delete_by: "x"})
    if kind.look:
        assert fitting(client, kind.look, {kind.look_by: "x"})


def test_texts_become_what_the_api_wants() -> None:
    """Numbers, truth, lists of one, names in other letters; what it does not know is left out."""
    check = {"Port": "443", "EnableSNI": "true", "Inverted": "false", "ChildHealthChecks": "a", "Odd": "x"}
    given = {"CallerReference": "r", "HealthCheckConfig": check}
    assert fitting(_client("route53"), "create_health_check", given)["HealthCheckConfig"] == {
        "Port": 443,
        "EnableSNI": True,
        "Inverted": False,
        "ChildHealthChecks": ["a"],
    }
    assert fitting(_client("logs"), "put_delivery_source", {"Name": "n", "ResourceArn": "a"}) == {"name": "n", "resourceArn": "a"}
    assert at({"a": [{"b": 1}]}, "a.0.b") == 1
    assert at({"a": []}, "a.0.b") is None


class Recorder:
    """An API that keeps what it was asked, and answers as it is told."""

    def __init__(self, service: str, fails: str = "", **answers: Any) -> None:
        self.meta, self.fails, self.answers = _client(service).meta, fails, answers
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, call: str) -> Any:
        def ask(**given: Any) -> Any:
            self.calls.append((call, given))
            if self.fails:
                raise ClientError({"Error": {"Code": self.fails}}, call)
            return self.answers.get(call, {})

        return ask


def _event(kind: str, request: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"ResourceType": kind, "RequestType": request, "LogicalResourceId": "It", "ResourceProperties": properties, **more}


RULE = {"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": "1", "ToPort": "2", "Description": "why"}


def test_a_rule_is_made_and_revoked_by_the_same_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    """For addresses or for another group, with its description; numbers are numbers."""
    api = Recorder("ec2")
    monkeypatch.setattr(adapter_function, "_client", lambda _: api)
    rule = {**RULE, "SourceSecurityGroupId": "sg-2", "ServiceToken": "t"}
    made = act(_event("Custom::AWS--EC2--SecurityGroupIngress", "Create", rule))
    act(_event("Custom::AWS--EC2--SecurityGroupIngress", "Delete", rule, PhysicalResourceId=made["PhysicalResourceId"]))
    permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2}
    (created, given), (deleted, same) = api.calls
    assert (created, deleted, given) == ("authorize_security_group_ingress", "revoke_security_group_ingress", same)
    assert given["IpPermissions"] == [{**permission, "UserIdGroupPairs": [{"GroupId": "sg-2", "Description": "why"}]}]


def test_what_did_not_change_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags apart; what did change is made anew under another id, and CloudFormation deletes the old one."""
    api = Recorder("ec2", create_nat_gateway={"NatGateway": {"NatGatewayId": "nat-2"}})
    monkeypatch.setattr(adapter_function, "_client", lambda _: api)
    was = {"SubnetId": "a", "Tags": [{"Key": "x", "Value": "1"}]}
    kind, known = "Custom::AWS--EC2--NatGateway", {"PhysicalResourceId": "nat-1", "OldResourceProperties": was}
    same = act(_event(kind, "Update", {"SubnetId": "a"}, **known))
    assert (same, api.calls) == ({"PhysicalResourceId": "nat-1", "Data": {"NatGatewayId": "nat-1"}}, [])
    tags = [{"Key": "x", "Value": "2"}]
    assert act(_event(kind, "Update", {"SubnetId": "b", "Tags": tags}, **known))["PhysicalResourceId"] == "nat-2"
    assert api.calls[0][1]["TagSpecifications"] == [{"ResourceType": "natgateway", "Tags": tags}]


def test_a_mapping_is_changed_in_place_so_that_it_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Except where AWS makes another one too: another stream, another start."""
    api = Recorder("lambda", create_event_source_mapping={"UUID": "second"})
    monkeypatch.setattr(adapter_function, "_client", lambda _: api)
    was = {"EventSourceArn": "s", "StartingPosition": "LATEST", "Enabled": "false", "BatchSize": "10"}
    kind, known = "Custom::AWS--Lambda--EventSourceMapping", {"PhysicalResourceId": "first", "OldResourceProperties": was}
    assert act(_event(kind, "Update", was, **known))["PhysicalResourceId"] == "first"
    assert act(_event(kind, "Update", {**was, "BatchSize": "20"}, **known))["PhysicalResourceId"] == "first"
    assert act(_event(kind, "Update", {**was, "EventSourceArn": "t"}, **known))["PhysicalResourceId"] == "second"
    changed = {"UUID": "first", "BatchSize": 20, "Enabled": False}
    made = {"EventSourceArn": "t", "StartingPosition": "LATEST", "BatchSize": 10, "Enabled": False}
    done = [(call, given) for call, given in api.calls if not call.startswith("get_")]
    assert done == [("update_event_source_mapping", changed), ("create_event_source_mapping", made)]


def test_what_aws_changes_in_place_keeps_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that names a health check goes on being checked when the check's own stack is updated."""
    api = Recorder("route53", update_health_check={})
    monkeypatch.setattr(adapter_function, "_client", lambda _: api)
    was = {"HealthCheckConfig": {"Type": "CALCULATED", "HealthThreshold": "2"}}
    now = {"HealthCheckConfig": {"Type": "CALCULATED", "HealthThreshold": "3", "ChildHealthChecks": ["a", "b", "c"]}}
    known = {"PhysicalResourceId": "check-1", "OldResourceProperties": was}
    assert act(_event("Custom::AWS--Route53--HealthCheck", "Update", now, **known))["PhysicalResourceId"] == "check-1"
    asked = {"HealthCheckId": "check-1", "HealthThreshold": 3, "ChildHealthChecks": ["a", "b", "c"]}
    assert api.calls == [("update_health_check", asked)]


class Clusters(Recorder):
    """RDS with one cluster, which takes its time to come and to go."""

    def __init__(self) -> None:
        super().__init__("rds", create_db_cluster={"DBCluster": {"DBClusterIdentifier": "c"}})
        self.states = ["creating", "creating", "available"]

    def describe_db_clusters(self, **_given: Any) -> Any:
        """As it stands; the last state stays."""
        if not self.states:
            raise ClientError({"Error": {"Code": "DBClusterNotFoundFault"}}, "describe_db_clusters")
        state = self.states.pop(0) if len(self.states) > 1 or self.states == ["deleting"] else self.states[0]
        told = {"Status": state, "DBClusterArn": "arn:c", "GlobalClusterIdentifier": "g", "Port": 5, "Endpoint": "host"}
        return {"DBClusters": [told]}


def test_a_cluster_is_made_when_it_is_available_and_gone_when_nobody_knows_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It leaves its global database first; where it answers is told."""
    api, kind = Clusters(), "Custom::AWS--RDS--DBCluster"
    monkeypatch.setattr(adapter_function, "_client", lambda _: api)
    monkeypatch.setattr(adapter_function, "LOOK_SECONDS", 0)
    given = {"DBClusterIdentifier": "c", "Engine": "e", "BackupRetentionPeriod": "14", "StorageEncrypted": "true"}
    made = act(_event(kind, "Create", given))
    assert (made["PhysicalResourceId"], api.states) == ("c", ["available"])
    assert {made["Data"][name] for name in ("DBClusterArn", "Endpoint.Address", "Endpoint.Port")} == {"arn:c", "host", "5"}
    api.states = ["available", "deleting"]
    act(_event(kind, "Delete", given, PhysicalResourceId="c"))
    assert api.states == []
    assert [call for call, _ in api.calls] == ["create_db_cluster", "remove_from_global_cluster", "delete_db_cluster"]
    assert api.calls[0][1] == {**given, "BackupRetentionPeriod": 14, "StorageEncrypted": True}
    assert api.calls[2][1] == {"DBClusterIdentifier": "c", "SkipFinalSnapshot": True}


@pytest.mark.parametrize(
    ("fails", "physical", "refused"), [("X.NotFound", "n", False), ("", "never-made-It", False), ("Denied", "n", True)]
)
def test_deleting_what_is_gone_succeeds(
    monkeypatch: pytest.MonkeyPatch,
    fails: str,
    physical: str,
    refused: bool,  # noqa: FBT001
) -> None:
    """Or was never made; a refusal is one."""
    monkeypatch.setattr(adapter_function, "_client", lambda _: Recorder("ec2", fails))
    event = _event("Custom::AWS--EC2--NatGateway", "Delete", {}, PhysicalResourceId=physical)
    if refused:
        with pytest.raises(ClientError):
            act(event)
    else:
        assert act(event) == {}
