"""A feed's word that it puts in a region and nowhere else: an item of that region's own table, beside the pens.

Feeds write it and the engine reads it, so its shape lives here. A feed's newest word, of both regions, counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.model.region import Region

CONFIRMED = "confirmed#feed"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Since a moment of the feed's own clock, in milliseconds since 1970; it only ever grows."""

    feed: str
    region: Region
    since: int

    def item(self) -> dict[str, Any]:
        """As plain attributes of the region's table."""
        return {"pk": CONFIRMED, "sk": self.feed, "region": str(self.region), "since": self.since}

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "Confirmation":
        """The confirmation a table item holds."""
        return cls(str(item["sk"]), Region(str(item["region"])), int(item["since"]))
