"""How the payments platform names what it makes: by kind, environment and suffix."""

from typing import ClassVar

from constructs import Construct

from landbridge.platforms.constructs.naming import Naming
from landbridge.platforms.constructs.stack import PlatformStack

NAMED = "payments:names"  # what follows the concern in the name of a stack that stands in a region of its own
ROOT = "/payments/${Environment}/${EnvironmentSuffix}"
# A load balancer's name has 32 characters: with the longest suffix of 20 there are 8 for the environment.
ENVIRONMENT = {
    "min_length": 2,
    "max_length": 8,
    "allowed_pattern": "[a-z][a-z0-9]*",
    "constraint_description": "2 to 8 lower-case letters and digits, beginning with a letter",
}


class PaymentsStack(PlatformStack):
    """A stack of the payments platform."""

    names: ClassVar[Naming] = Naming(
        title="Payments",
        platform="payments",
        before="",
        after="-${Environment}-${EnvironmentSuffix}",
        environment_text="Part of every name, and the value of the tag Environment, like prod",
        environment=ENVIRONMENT,
    )

    def __init__(self, scope: Construct, concern: str, description: str, *, tagged: bool = True) -> None:
        after = scope.node.try_get_context(NAMED)
        name = f"{concern}-{after}" if after else None
        super().__init__(scope, concern, description, tagged=tagged, stack_name=name)
