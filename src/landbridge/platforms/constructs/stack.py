"""What every stack of a platform shares: parameters, names, tags, outputs, and that all can be destroyed."""

from collections.abc import Sequence
from typing import Any, ClassVar

from aws_cdk import (
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
from constructs import Construct

from landbridge.platforms.constructs.naming import Naming
from landbridge.platforms.constructs.tagging import spelled, tags
from landbridge.platforms.words import Json, allow, policy, ref, sub

STACK_NAMES = "landbridge:names"  # what follows the concern in the names of stacks, where that is known when they are made
SUFFIX_PATTERN = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
SUFFIX_TEXT = "3 to 20 lower-case letters and digits in words joined by single hyphens, beginning with a letter"


class PlatformStack(Stack):  # type: ignore[misc]  # aws_cdk is not read by mypy: its stubs cost 75 s and 3 GB
    """A stack that carries the suffix in every name and the three tags on everything; a platform of its own says how it names."""

    names: ClassVar[Naming]

    def __init__(self, scope: Construct, concern: str, description: str, *, tagged: bool = True) -> None:
        after = scope.node.try_get_context(STACK_NAMES)
        named = {"stack_name": f"{self.names.before}{concern}-{after}"} if after else {}
        how = {"synthesizer": BootstraplessSynthesizer(), "analytics_reporting": False, **named}
        super().__init__(scope, concern, description=f"{self.names.title}: {description}", **how)
        self.asks(
            "EnvironmentSuffix",
            "Part of every name, so that several environments fit into one account",
            min_length=3,
            max_length=20,
            allowed_pattern=SUFFIX_PATTERN,
            constraint_description=SUFFIX_TEXT,
        )
        if tagged or self.names.has_environment:
            self.asks("Environment", self.names.environment_text, **self.names.environment)
        if tagged:
            self.asks("CostCenter", "The value of the tag CostCenter", min_length=1, max_length=64)
        RemovalPolicies.of(self).destroy()

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
        more = [{"Key": "Name", "Value": self.named(called)}] if called else [self.backed_up] if kept else []
        resource = CfnResource(self, name, type=kind, properties={**properties, **spelled(kind, self.tags_here + more)})
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

    @property
    def backed_up(self) -> Json:
        """The tag by which the backup plan of this environment knows what is its."""
        return {"Key": "Backup", "Value": sub(self.names.whole)}

    def text(self, kind: str) -> str:
        """A name as text, to be part of a longer one."""
        return self.names.text(kind)

    def named(self, kind: str) -> Json:
        """The name of something whose name counts within one region."""
        return sub(self.names.text(kind))

    def named_globally(self, kind: str) -> Json:
        """The name of something whose name counts in all regions: buckets and roles."""
        return sub(self.names.text_globally(kind))

    def arn(self, service: str, resource: str) -> Json:
        """The ARN of something of this account and region; `resource` may hold ${EnvironmentSuffix}."""
        return sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")

    def tell(self, output: str, value: Json, export: str, description: str, *, when: str = "") -> None:
        """An output a dependent stack or an operator needs, exported under a name with the suffix."""
        made = CfnOutput(
            self, output, value=Token.as_string(value), description=description, export_name=Fn.sub(self.text(export))
        )
        if when:
            made.condition = self.node.find_child(when)
