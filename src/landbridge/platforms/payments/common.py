"""How the payments platform names what it makes: by kind, environment and suffix."""

from typing import ClassVar

from landbridge.platforms.constructs.naming import Naming
from landbridge.platforms.constructs.stack import PlatformStack

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
