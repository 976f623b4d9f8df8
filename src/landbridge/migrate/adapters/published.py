"""Puts the migration's figures into CloudWatch in both regions, under the names and dimensions alarms and the board look for.

Never raises and never waits long: a region that does not answer hears nothing, and its alarms ring on that.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.aws.clients import Clients
from landbridge.migrate.figures import Figure, Figures
from landbridge.model.metrics import DIMENSIONS, NAMESPACE
from landbridge.model.region import Region

EVERY_SECONDS = 20.0  # three signs a minute: an alarm counts by the minute


@dataclass(frozen=True)
class Published:
    """The numbers of one platform."""

    clients: Clients
    suffix: str
    figures: Figures
    tell: Callable[[str], None]
    namespace: str = NAMESPACE
    _told: set[str] = field(default_factory=set, repr=False, compare=False)

    def publish(self) -> None:
        """Measures once and says it in each region; what goes wrong is told once, and nothing else comes of it."""
        try:
            figures = self.figures.by_region()
        except Exception as error:  # whatever it is: watching must not stop what is watched
            self._tell_once(f"the migration could not be measured: {type(error).__name__}: {error}")
            return
        for region, said in zip(self.figures.regions, figures, strict=True):
            self._put(region, said)

    def _put(self, region: Region, said: list[Figure]) -> None:
        data = [self._datum(each) for each in said]
        try:
            self.clients.client("cloudwatch", region, retries=False).put_metric_data(Namespace=self.namespace, MetricData=data)
        except (BotoCoreError, ClientError) as error:
            self._tell_once(f"{region}: metrics are not taken: {error}")

    def _datum(self, figure: Figure) -> dict[str, Any]:
        named = zip(DIMENSIONS[figure.metric], (self.suffix, *figure.of), strict=True)
        dimensions = [{"Name": name, "Value": value} for name, value in named]
        return {"MetricName": figure.metric, "Dimensions": dimensions, "Value": figure.value}

    def _tell_once(self, what: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self.tell(what)
