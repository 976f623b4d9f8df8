"""The SSM parameter in each region that names the other region's API."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.region import Region


@dataclass(frozen=True)
class PeerParameters:
    """One parameter a region, of the same name in both."""

    clients: Clients
    parameter: str
    url_of_the_other: Callable[[Region], str]

    def known(self, region: Region) -> str | None:
        """What the region believes; None = nothing."""
        with speaking(region, f"GetParameter {self.parameter}"):
            try:
                answer = self.clients.client("ssm", region).get_parameter(Name=self.parameter)
            except ClientError as error:
                if said(error) == "ParameterNotFound":
                    return None
                raise
        return str(answer["Parameter"]["Value"])

    def wanted(self, region: Region) -> str:
        """Where the other region's API really answers."""
        return self.url_of_the_other(region)

    def write(self, region: Region, url: str) -> None:
        """Set it."""
        with speaking(region, f"PutParameter {self.parameter}"):
            self.clients.client("ssm", region).put_parameter(Name=self.parameter, Value=url, Type="String", Overwrite=True)

    def erase(self, region: Region) -> None:
        """Remove it."""
        with speaking(region, f"DeleteParameter {self.parameter}"):
            self.clients.client("ssm", region).delete_parameters(Names=[self.parameter])
