"""The image a region's tasks are started from, before any of them is to be started."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.region import Region

ABSENT = ("ImageNotFoundException", "RepositoryNotFoundException")


@dataclass(frozen=True)
class Image:
    """One image in a region's own repository."""

    clients: Clients
    region: Region
    repository: Callable[[], str]
    digest: str

    def lacks(self) -> Iterator[str]:
        """That it does not lie there, with the way out."""
        if not self._pushed():
            yield (
                f"{self.region} has no image {self.digest} in its repository: "
                "deploy its stacks keys and images, push the image, then go on"
            )

    def _pushed(self) -> bool:
        repository = self.repository()
        with speaking(self.region, f"DescribeImages {repository}"):
            ecr = self.clients.client("ecr", self.region)
            try:
                return bool(
                    ecr.describe_images(repositoryName=repository, imageIds=[{"imageDigest": self.digest}])["imageDetails"]
                )
            except ClientError as error:
                if said(error) in ABSENT:
                    return False
                raise
