"""The whole platform in any one region, as a CDK construct that takes one typed spec."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Environment, Stage
from constructs import Construct

from landbridge.config.payments import Payments, RegionSpec
from landbridge.platforms.constructs.placed import Placed
from landbridge.platforms.payments.common import NAMED
from landbridge.platforms.payments.given import given
from landbridge.platforms.payments.stacks import STACKS


class RegionalPlatform(Stage):  # type: ignore[misc]  # aws_cdk is not read by mypy: its stubs cost 75 s and 3 GB
    """Every stack that belongs into the region; what its spec says becomes the default of the parameters that ask for it.

    The templates are those that are committed, but for these defaults. What one stack tells another stays a parameter.
    """

    def __init__(self, scope: Construct, platform: Payments, here: RegionSpec, *, suffix: str) -> None:
        super().__init__(scope, here.region, env=Environment(region=here.region))
        self.node.set_context(NAMED, f"{platform.environment}-{suffix}")
        for each in STACKS:
            if belongs(each, here):
                self._stand(each, {"Environment": platform.environment, "EnvironmentSuffix": suffix}, given(platform, here))

    def _stand(self, placed: Placed, names: Mapping[str, str], values: Mapping[str, Mapping[str, Any]]) -> None:
        stack = placed.made(self)
        for name, value in {**names, **values.get(placed.name, {})}.items():
            stack.node.find_child(name).default = value


def belongs(placed: Placed, here: RegionSpec) -> bool:
    """Whether a stack stands in a region: some are the first region's alone, some of a region that joined."""
    return placed.home in {"both", "target" if here.copies_from else "source"}
