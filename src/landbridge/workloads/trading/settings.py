"""What a function is told by its region's Parameter Store, read once, and by its environment where that does not answer.

The environment carries the same values as they were deployed: a thousand containers that begin at once must not fail
because they are told so at once to come again. A name that is missing in both fails the first call with that name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.wire import PARAMETER, PEER_API_PARAMETER
from landbridge.workloads.trading.ports import Rules

# what each variable of the environment is called in Parameter Store
PARAMETERS = {"STATE_TABLE": "state-table", "PENS_TABLE": "pens-table", "FENCES": "fences", "HOLD_SECONDS": "hold-seconds"}


def told(environment: Mapping[str, str], ssm: Any) -> dict[str, str]:
    """The environment, with what Parameter Store says in place of what was deployed."""
    variables = {PARAMETER.format(suffix=environment["SUFFIX"], name=name): each for each, name in PARAMETERS.items()}
    try:
        found = ssm.get_parameters(Names=sorted(variables))["Parameters"]
    except (BotoCoreError, ClientError):
        return dict(environment)
    return {**environment, **{variables[each["Name"]]: str(each["Value"]) for each in found}}


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's surroundings."""

    region: str
    suffix: str
    state_table: str
    pens_table: str
    fences: int
    hold_seconds: float

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings these names hold."""
        return cls(
            region=environment["AWS_REGION"],
            suffix=environment["SUFFIX"],
            state_table=environment["STATE_TABLE"],
            pens_table=environment["PENS_TABLE"],
            fences=int(environment["FENCES"]),
            hold_seconds=float(environment["HOLD_SECONDS"]),
        )

    @property
    def rules(self) -> Rules:
        """How a write is held here."""
        return Rules(region=self.region, fences=self.fences, hold_seconds=self.hold_seconds)


class PeerParameter:
    """The SSM parameter that names the other region's API."""

    def __init__(self, ssm: Any, suffix: str) -> None:
        self._ssm, self._name = ssm, PEER_API_PARAMETER.format(suffix=suffix)
        self._known: str | None = None

    def __call__(self) -> str | None:
        """Its value; the last one known when it can't be read; None = there is no other side, or none is known."""
        try:
            self._known = str(self._ssm.get_parameter(Name=self._name)["Parameter"]["Value"])
        except ClientError as refused:
            if refused.response.get("Error", {}).get("Code") == "ParameterNotFound":
                self._known = None
        except BotoCoreError:
            return self._known
        return self._known
