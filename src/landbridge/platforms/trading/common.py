"""What every stack of the trading platform shares: parameters, names, tags, outputs, and that all can be destroyed."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import (
    App,
    BootstraplessSynthesizer,
    CfnCondition,
    CfnOutput,
    CfnParameter,
    CfnResource,
    Fn,
    RemovalPolicies,
    Stack,
    Token,
)

from landbridge.platforms.words import Json, allow, policy, ref, sub

PREFIX = "trading-analytics"
SUFFIX_PATTERN = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
SUFFIX_TEXT = "3 to 20 lower-case letters and digits in words joined by single hyphens, beginning with a letter"
UNTAGGED = frozenset(
    {
        "AWS::ApiGateway::Account",
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::Backup::BackupSelection",
        "AWS::Backup::RestoreTestingSelection",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "AWS::CloudWatch::Dashboard",
        "AWS::EC2::Route",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::Glue::Database",
        "AWS::Glue::Table",
        "AWS::IAM::ManagedPolicy",
        "AWS::KMS::Alias",
        "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogStream",
        "AWS::Logs::SubscriptionFilter",
        "AWS::Route53::RecordSet",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACLAssociation",
        "Custom::EmptyBucket",
        "Custom::EmptyVault",
    }
)
TAGS_AS_MAP = frozenset({"AWS::Backup::BackupPlan", "AWS::Backup::BackupVault", "AWS::SSM::Parameter"})
TAGS_ELSEWHERE = {
    "AWS::Budgets::Budget": "ResourceTags",
    "AWS::CE::AnomalyMonitor": "ResourceTags",
    "AWS::CE::AnomalySubscription": "ResourceTags",
    "AWS::Backup::BackupPlan": "BackupPlanTags",
    "AWS::Backup::BackupVault": "BackupVaultTags",
    "AWS::Route53::HealthCheck": "HealthCheckTags",
}
TAGGED_BY_REPLICA = frozenset({"AWS::DynamoDB::GlobalTable"})


class TradingStack(Stack):  # type: ignore[misc]  # aws_cdk is not read by mypy: its stubs cost 75 s and 3 GB
    """A stack that carries the suffix in every name and the three tags on everything."""

    def __init__(self, app: App, concern: str, description: str, *, tagged: bool = True) -> None:
        super().__init__(app, concern, description=description, synthesizer=BootstraplessSynthesizer(), analytics_reporting=False)
        self.asks(
            "EnvironmentSuffix",
            "Part of every name, so that several environments fit into one account",
            min_length=3,
            max_length=20,
            allowed_pattern=SUFFIX_PATTERN,
            constraint_description=SUFFIX_TEXT,
        )
        if tagged:
            self._ask_for_tags()
        RemovalPolicies.of(self).destroy()

    def _ask_for_tags(self) -> None:
        self.asks("Environment", "The value of the tag Environment, like production", min_length=1, max_length=64)
        self.asks("CostCenter", "The value of the tag CostCenter", min_length=1, max_length=64)

    def asks(self, parameter: str, description: str, **how: Any) -> Json:
        """A parameter the deployer or an operator gives; its value."""
        CfnParameter(self, parameter, description=description, **how)
        return ref(parameter)

    def asks_or_nothing(self, parameter: str, description: str, condition: str, **how: Any) -> Json:
        """A parameter that may be left empty, and the condition that it was not."""
        made = CfnParameter(self, parameter, description=f"{description}; empty for none", default="", **how)
        CfnCondition(self, condition, expression=Fn.condition_not(Fn.condition_equals(made.value_as_string, "")))
        return ref(parameter)

    def make(
        self,
        name: str,
        kind: str,
        properties: Json,
        *,
        after: Sequence[CfnResource] = (),
        when: str = "",
        called: str = "",
        kept: bool = False,
    ) -> CfnResource:
        """A resource with the three tags; `called` names kinds whose only name is a tag, `kept` has it backed up."""
        more = [{"Key": "Name", "Value": self.named(called)}] if called else [backed_up()] if kept else []
        resource = CfnResource(self, name, type=kind, properties={**properties, **self._tags(kind, more)})
        for each in after:
            resource.add_resource_dependency(each)
        if when:
            resource.cfn_options.condition = self.node.find_child(when)
        return resource

    def role(self, name: str, kind: str, trusted: Json, does: str, statements: list[Json], *, when: str = "") -> CfnResource:
        """A role with one policy of its own."""
        properties = {
            "RoleName": self.named_globally(kind),
            "Description": does,
            "AssumeRolePolicyDocument": trusted,
            "Policies": [{"PolicyName": kind, "PolicyDocument": policy(*statements)}],
        }
        return self.make(name, "AWS::IAM::Role", properties, when=when)

    def log_group(self, name: str, path: str, key: Json, days: Json) -> CfnResource:
        """An encrypted log that forgets in time."""
        properties = {"LogGroupName": sub(path), "RetentionInDays": days, "KmsKeyId": key}
        return self.make(name, "AWS::Logs::LogGroup", properties)

    def logging(self, path: str) -> Json:
        """The statement that lets a function write its log."""
        return allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], self.arn("logs", f"log-group:{path}:*"))

    @property
    def tags_here(self) -> list[Json]:
        """The three tags, for what lies in this region."""
        return tags(ref("AWS::Region"))

    def _tags(self, kind: str, more: list[Json]) -> Json:
        if kind in UNTAGGED | TAGGED_BY_REPLICA:
            return {}
        found = self.tags_here + more
        as_map = {tag["Key"]: tag["Value"] for tag in found}
        return {TAGS_ELSEWHERE.get(kind, "Tags"): as_map if kind in TAGS_AS_MAP else found}

    def named(self, kind: str) -> Json:
        """The name of something whose name counts within one region."""
        return sub(f"{PREFIX}-{kind}-${{EnvironmentSuffix}}")

    def named_globally(self, kind: str) -> Json:
        """The name of something whose name counts in all regions: buckets and roles."""
        return sub(f"{PREFIX}-{kind}-${{EnvironmentSuffix}}-${{AWS::Region}}")

    def arn(self, service: str, resource: str) -> Json:
        """The ARN of something of this account and region; `resource` may hold ${EnvironmentSuffix}."""
        return sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")

    def tell(self, output: str, value: Json, export: str, description: str, *, when: str = "") -> None:
        """An output a dependent stack or an operator needs, exported under a name with the suffix."""
        name = f"{PREFIX}-{export}-${{EnvironmentSuffix}}"
        made = CfnOutput(self, output, value=Token.as_string(value), description=description, export_name=Fn.sub(name))
        if when:
            made.condition = self.node.find_child(when)


def backed_up() -> Json:
    """The tag by which the backup plan of this environment knows what is its."""
    return {"Key": "Backup", "Value": sub(f"{PREFIX}-${{EnvironmentSuffix}}")}


def tags(region: Json) -> list[Json]:
    """The three tags, with the region something lies in."""
    values = {"CostCenter": ref("CostCenter"), "Environment": ref("Environment"), "Region": region}
    return [{"Key": key, "Value": value} for key, value in values.items()]
