"""What every stack of the trading platform shares: parameters, names, tags, outputs, and that all can be destroyed."""

from aws_cdk import App, BootstraplessSynthesizer, CfnOutput, CfnParameter, Fn, RemovalPolicies, Stack, Tags

PREFIX = "trading-analytics"
SUFFIX_PATTERN = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
SUFFIX_TEXT = "3 to 20 lower-case letters and digits in words joined by single hyphens, beginning with a letter"


class TradingStack(Stack):  # type: ignore[misc]  # aws_cdk is not read by mypy: its stubs cost 75 s and 3 GB
    """A stack that carries the suffix in every name and the three tags on everything."""

    def __init__(self, app: App, concern: str, description: str) -> None:
        super().__init__(app, concern, description=description, synthesizer=BootstraplessSynthesizer(), analytics_reporting=False)
        self.suffix = CfnParameter(
            self,
            "EnvironmentSuffix",
            description="Part of every name, so that several environments fit into one account",
            min_length=3,
            max_length=20,
            allowed_pattern=SUFFIX_PATTERN,
            constraint_description=SUFFIX_TEXT,
        ).value_as_string
        self.environment_tag = self._tag("Environment", "The value of the tag Environment, like production")
        self.cost_center_tag = self._tag("CostCenter", "The value of the tag CostCenter")
        Tags.of(self).add("Environment", self.environment_tag)
        Tags.of(self).add("Region", self.region)
        Tags.of(self).add("CostCenter", self.cost_center_tag)
        RemovalPolicies.of(self).destroy()

    def _tag(self, name: str, description: str) -> str:
        value: str = CfnParameter(self, name, description=description, min_length=1, max_length=64).value_as_string
        return value

    @property
    def tag_values(self) -> dict[str, str]:
        """The three tags, for the resources that keep theirs where CDK doesn't look."""
        return {"CostCenter": self.cost_center_tag, "Environment": self.environment_tag, "Region": self.region}

    def named(self, kind: str) -> str:
        """The name of something whose name counts within one region."""
        name: str = Fn.sub(f"{PREFIX}-{kind}-${{EnvironmentSuffix}}")
        return name

    def named_globally(self, kind: str) -> str:
        """The name of something whose name counts in all regions: buckets and roles."""
        name: str = Fn.sub(f"{PREFIX}-{kind}-${{EnvironmentSuffix}}-${{AWS::Region}}")
        return name

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something of this account and region; `resource` may hold ${EnvironmentSuffix}."""
        arn: str = Fn.sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")
        return arn

    def tell(self, output: str, value: str, export: str, description: str) -> None:
        """An output a dependent stack or an operator needs, exported under a name with the suffix."""
        CfnOutput(self, output, value=value, description=description, export_name=self.named(export))
