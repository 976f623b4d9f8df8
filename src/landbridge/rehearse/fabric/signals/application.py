"""The application as a region has it deployed: whether it runs, what it is told, how often it takes a snapshot."""

import json
from dataclasses import dataclass
from typing import Any, Self

from landbridge.model.errors import Refused
from landbridge.rehearse.fabric.ask import Asks
from landbridge.workloads.trading.flink.properties import Properties

DESCRIBE = "KinesisAnalytics_20180523.DescribeApplication"
ABSENT = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True)
class Application:
    """By DescribeApplication."""

    told: Properties
    runs: bool
    checkpoint_seconds: float

    @classmethod
    def of(cls, detail: dict[str, Any]) -> Self:
        """As AWS describes it."""
        configured = detail["ApplicationConfigurationDescription"]
        groups = configured["EnvironmentPropertyDescriptions"]["PropertyGroupDescriptions"]
        checkpoints = configured["FlinkApplicationConfigurationDescription"]["CheckpointConfigurationDescription"]
        told = Properties.of(json.dumps(groups))
        return cls(told, detail["ApplicationStatus"] == "RUNNING", checkpoints["CheckpointInterval"] / 1000)


async def application(region: Asks, name: str) -> Application | None:
    """The one of that name; None = there is none. May raise Unreachable or Refused."""
    try:
        answer = await region.ask("kinesisanalytics", DESCRIBE, ApplicationName=name)
    except Refused as no:
        if ABSENT in no.why:
            return None
        raise
    return Application.of(answer["ApplicationDetail"])
