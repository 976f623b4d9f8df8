"""What the application is told by its properties: where the streams and tables are, and where to begin."""

import json
from dataclasses import dataclass

from landbridge.model.errors import BadInput

GROUP = "platform"
NAMES = ("region", "live-stream-arn", "mirror-stream-arn", "analytics-table", "pens-table")
BEGIN = "begin"  # optional: a time like 2026-01-31T08:00:00.000+00:00; without it all that the streams still have is read
FORMAT = {"format": "json", "json.ignore-parse-errors": "true"}  # the transform sets poison aside, from the same streams


@dataclass(frozen=True, slots=True)
class Properties:
    """The group `platform` of the application's properties."""

    region: str
    streams: dict[str, str]
    analytics: str
    pens: str
    begin: str | None

    @classmethod
    def of(cls, text: str) -> "Properties":
        """The properties of Managed Flink's file; a missing one is refused by its name."""
        groups = {group["PropertyGroupId"]: group["PropertyMap"] for group in json.loads(text)}
        found = groups.get(GROUP, {})
        if missing := [name for name in NAMES if not found.get(name)]:
            raise BadInput("application properties", f"{GROUP} lacks {missing[0]}", "update the signals stack")
        streams = {name: found[f"{name}-stream-arn"] for name in ("live", "mirror")}
        return cls(found["region"], streams, found["analytics-table"], found["pens-table"], found.get(BEGIN) or None)

    def source(self, stream: str) -> dict[str, str]:
        """The options of the table that reads a stream."""
        begins = {"source.init.position": "TRIM_HORIZON"}
        if self.begin:
            begins = {"source.init.position": "AT_TIMESTAMP", "source.init.timestamp": self.begin}
        return {
            "connector": "kinesis",
            "stream.arn": self.streams[stream],
            "aws.region": self.region,
            **begins,
            **FORMAT,
        }
