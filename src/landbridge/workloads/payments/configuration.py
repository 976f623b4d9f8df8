"""What code is told of its region: by Parameter Store, asked again every few seconds, and by its environment otherwise.

The environment has the same values as they were deployed (decision 38): where Parameter Store does not answer, code goes
on with what it knew last. So the database's writer is found again after it has moved, without a deploy of the code.
"""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import BadInput

NAMES = ("database-reader", "database-secret", "database-writer", "identity-secret", "sessions-table", "uploads-bucket")
PRESENT = 5.0  # seconds a value counts as new
POSTGRES = 5432


class Configuration:
    """This region's values."""

    database = "payments"

    def __init__(self, ssm: Any, environment: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._ssm, self._clock, self._root = ssm, clock, environment["PARAMETERS"]
        self._known = {name: environment[variable(name)] for name in NAMES if environment.get(variable(name))}
        self._until = float("-inf")

    def __call__(self, name: str) -> str:
        """One value; a name that is missing everywhere is refused in a sentence."""
        now = self._clock()
        if now >= self._until:
            self._ask()
            self._until = now + PRESENT
        if not self._known.get(name):
            where = f"{self._root}/{name}"
            raise BadInput(where, "is told neither by Parameter Store nor by the environment", "deploy the stack `parameters`")
        return self._known[name]

    def writer(self) -> str:
        """Where the database is written to, as host:port."""
        return _with_port(self("database-writer"))

    def reader(self) -> str:
        """Where this region's database is read, as host:port."""
        return _with_port(self("database-reader"))

    def secret(self) -> str:
        """Under which name the database's user and password lie."""
        return self("database-secret")

    def _ask(self) -> None:
        names = {f"{self._root}/{name}": name for name in NAMES}
        try:
            found = self._ssm.get_parameters(Names=sorted(names))["Parameters"]
        except (BotoCoreError, ClientError):
            return
        self._known |= {names[each["Name"]]: str(each["Value"]) for each in found if each["Name"] in names}


def variable(name: str) -> str:
    """What a name is called in the environment."""
    return name.upper().replace("-", "_")


def _with_port(host: str) -> str:
    return host if ":" in host else f"{host}:{POSTGRES}"
