"""What a function is told by its region's Parameter Store, read once, and by its environment where that does not answer.

The environment carries the same values as they were deployed: a thousand containers that begin at once must not fail
because they are told so at once to come again. A name that is missing in both fails the first call with that name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.wire import PARAMETER
from landbridge.workloads.trading.ports import Clock, Rules

# what each variable of the environment is called in Parameter Store
PARAMETERS = {
    "ANALYTICS_TABLE": "analytics-table",
    "COMMANDS_TABLE": "commands-table",
    "FENCES": "fences",
    "HOLD_SECONDS": "hold-seconds",
    "PENS_TABLE": "pens-table",
    "STATE_TABLE": "state-table",
}


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
    analytics_table: str
    state_table: str
    worker: str
    commands_table: str
    pens_table: str
    fences: int
    hold_seconds: float

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings these names hold."""
        return cls(
            region=environment["AWS_REGION"],
            suffix=environment["SUFFIX"],
            analytics_table=environment["ANALYTICS_TABLE"],
            state_table=environment["STATE_TABLE"],
            worker=environment["WORKER"],
            commands_table=environment["COMMANDS_TABLE"],
            pens_table=environment["PENS_TABLE"],
            fences=int(environment["FENCES"]),
            hold_seconds=float(environment["HOLD_SECONDS"]),
        )

    @property
    def rules(self) -> Rules:
        """How a write is held here."""
        return Rules(region=self.region, fences=self.fences, hold_seconds=self.hold_seconds)


class Parameter:
    """One value of this region's configuration in Parameter Store, asked for anew at each call."""

    def __init__(self, ssm: Any, suffix: str, name: str) -> None:
        self._ssm, self._name = ssm, PARAMETER.format(suffix=suffix, name=name)
        self._known: str | None = None

    def __call__(self) -> str | None:
        """The value; the last one known when it can't be read; None = there is none, or none is known."""
        try:
            self._known = str(self._ssm.get_parameter(Name=self._name)["Parameter"]["Value"])
        except ClientError as refused:
            if refused.response.get("Error", {}).get("Code") == "ParameterNotFound":
                self._known = None
        except BotoCoreError:
            return self._known
        return self._known


class Kept:
    """A value asked for at most every `present` seconds once known, every `absent` while there is none."""

    def __init__(self, read: Callable[[], str | None], clock: Clock, *, present: float = 30.0, absent: float = 2.0) -> None:
        self._read, self._clock = read, clock
        self._keep = {True: present, False: absent}
        self._value: str | None = None
        self._until = float("-inf")

    def __call__(self) -> str | None:
        """The value; None = there is none yet, or it couldn't be asked for and was never known."""
        now = self._clock()
        if now >= self._until:
            self._value = self._read()
            self._until = now + self._keep[self._value is not None]
        return self._value
