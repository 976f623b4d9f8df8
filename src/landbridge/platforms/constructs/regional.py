"""A whole platform in any one region, as a CDK construct that takes one typed spec."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Environment, Stage
from constructs import Construct

from landbridge.platforms.constructs.placed import Placed
from landbridge.platforms.constructs.stack import STACK_NAMES


@dataclass(frozen=True)
class Standing:
    """A platform in a region: which stacks belong there, what follows in their names, and what parameters are told."""

    region: str
    after: str
    stacks: tuple[Placed, ...]
    everywhere: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Any]]


class RegionalPlatform(Stage):  # type: ignore[misc]  # aws_cdk is not read by mypy: its stubs cost 75 s and 3 GB
    """Every stack that belongs into the region; what its spec tells becomes the default of the parameter that asks for it.

    The templates are those that are committed, but for these defaults. What one stack tells another stays a parameter.
    """

    def __init__(self, scope: Construct, spec: Standing) -> None:
        super().__init__(scope, spec.region, env=Environment(region=spec.region))
        self.node.set_context(STACK_NAMES, spec.after)
        for placed in spec.stacks:
            stack = placed.made(self)
            for name, value in {**spec.everywhere, **spec.values.get(placed.name, {})}.items():
                stack.node.find_child(name).default = value
