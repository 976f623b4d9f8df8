"""The password of the database's user, as the first region tells it that has the secret and answers."""

import json
from dataclasses import dataclass

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region


@dataclass(frozen=True)
class Secret:
    """One secret with a copy in each region, read anew each time: it may have been rotated."""

    clients: Clients
    name: str
    regions: Pair[Region]

    def password(self) -> str:
        """Of both regions' copies; why the last one asked gave none, where none does."""
        source, target = self.regions
        try:
            return self._in(source)
        except (Refused, Unreachable):
            return self._in(target)

    def _in(self, region: Region) -> str:
        with speaking(region, f"GetSecretValue {self.name}"):
            answer = self.clients.client("secretsmanager", region).get_secret_value(SecretId=self.name)
        return str(json.loads(answer["SecretString"])["password"])
