"""What a deployed mapping asks for, as Lambda tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.rehearse.fabric.event_source.record import Place

WANTED = frozenset({"Creating", "Enabling", "Enabled"})  # the states of a mapping that should be read
REPORTS = "ReportBatchItemFailures"
NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class Settings:
    """One mapping: `retries` and `max_age` are -1 for no limit, `on_failure` is empty for nowhere."""

    uuid: str
    function: str
    stream: str
    wanted: bool
    start: str
    since: float | None = None
    batch_size: int = 100
    window: float = 0.0
    lanes: int = 1
    retries: int = NO_LIMIT
    max_age: float = NO_LIMIT
    bisect: bool = False
    reports: bool = False
    on_failure: str = ""

    def begin(self, now: float) -> Place:
        """Where a mapping that has no place yet begins; LATEST is the moment it is first enabled."""
        if self.start == "TRIM_HORIZON":
            return Place()
        return Place(since=now if self.since is None or self.start == "LATEST" else self.since)


def settings_of(told: Mapping[str, Any]) -> Settings:
    """A mapping of ListEventSourceMappings, with AWS's defaults where it says nothing."""
    since = told.get("StartingPositionTimestamp")
    return Settings(
        uuid=told["UUID"],
        function=told["FunctionArn"],
        stream=told["EventSourceArn"],
        wanted=told["State"] in WANTED,
        start=told["StartingPosition"],
        since=None if since is None else float(since),
        batch_size=int(told.get("BatchSize", 100)),
        window=float(told.get("MaximumBatchingWindowInSeconds", 0)),
        lanes=int(told.get("ParallelizationFactor", 1)),
        retries=int(told.get("MaximumRetryAttempts", NO_LIMIT)),
        max_age=float(told.get("MaximumRecordAgeInSeconds", NO_LIMIT)),
        bisect=bool(told.get("BisectBatchOnFunctionError", False)),
        reports=REPORTS in (told.get("FunctionResponseTypes") or ()),
        on_failure=((told.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination", ""),
    )
