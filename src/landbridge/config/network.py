"""The networks of both regions.

Every description below is shown to the operator as the fix when a value is refused.
"""

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from landbridge.config.frozen import Spec


def _whole(text: str) -> str:
    if not any(
        IPv4Network(text).subnet_of(IPv4Network(private)) for private in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    ):
        raise ValueError(f"{text} is no private network: write one like 10.1.0.0/16")
    return text


Cidr = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,3}\.[0-9]{1,3}\.0\.0/16$", description="a private /16 network, like 10.1.0.0/16"),
    AfterValidator(_whole),
]


class Network(Spec):
    """[network] of the platform's file: addresses that never overlap, and how private subnets reach out."""

    source_cidr: Cidr = "10.0.0.0/16"
    target_cidr: Cidr = "10.1.0.0/16"
    nat: Annotated[Literal["zone", "one"], Field(description="zone or one")] = "zone"

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if IPv4Network(self.source_cidr).overlaps(IPv4Network(self.target_cidr)):
            raise ValueError(f"{self.source_cidr} and {self.target_cidr} overlap, so the regions could not be connected")
        return self
