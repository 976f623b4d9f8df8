"""A topic as every one of ours is: under the region's key, by TLS alone, and only who is named publishes."""

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, allow, policy, ref, tls_only


def topic(stack: PlatformStack, name: str, what: str, key: Json, statements: list[Json]) -> None:
    """{Name}Topic with its policy, told as {Name}TopicArn."""
    kind = name.lower()
    stack.make(f"{name}Topic", "AWS::SNS::Topic", {"TopicName": stack.named(kind), "KmsMasterKeyId": key})
    document = policy(*statements, tls_only("sns:Publish", ref(f"{name}Topic")))
    stack.make(f"{name}TopicPolicy", "AWS::SNS::TopicPolicy", {"Topics": [ref(f"{name}Topic")], "PolicyDocument": document})
    stack.tell(f"{name}TopicArn", ref(f"{name}Topic"), f"{kind}-topic", f"{what}, in this region")


def from_alarms(stack: PlatformStack, resource: Json) -> Json:
    """That alarms of the platform publish."""
    whose = {"ArnLike": {"aws:SourceArn": stack.arn("cloudwatch", f"alarm:{stack.text('*')}")}}
    here = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
    return by_service("Alarms", "cloudwatch.amazonaws.com", "sns:Publish", resource, {**here, **whose})


def by_service(sid: str, service: str, action: str, resource: Json, condition: Json) -> Json:
    """A statement of a resource's own policy that lets a service in, on a condition."""
    return {**allow(sid, [action], resource, condition), "Principal": {"Service": service}}
