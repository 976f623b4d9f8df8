"""How much the market sends at its busiest, from which the size of the streams follows, and who sends it.

Every description below is shown to the operator as the fix when a value is refused.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from landbridge.config.frozen import Spec
from landbridge.model.shards import shards_for


class Market(Spec):
    """[market] of the platform's file."""

    records_per_second: Annotated[int, Field(ge=1, le=250_000, description="records a second at the busiest, 1 to 250000")] = (
        10_000
    )
    record_bytes: Annotated[
        int, Field(ge=1, le=1_048_576, description="bytes of a record with its partition key, 1 to 1048576")
    ] = 250

    feeds: Annotated[
        tuple[str, ...], Field(strict=False, description="names of feeds, or [] for a market that does not move")
    ] = ()
    producers: Annotated[tuple[str, ...], Field(strict=False, description="ARNs that the feeds put under")] = ()

    signals: Annotated[
        str,
        Field(pattern=r"^(signals/[0-9a-f]{64}\.zip)?$", description='what `landbridge package --jars` wrote, or "" for none'),
    ] = ""

    @model_validator(mode="after")
    def _feeds_can_be_stopped(self) -> Self:
        if self.feeds and not self.producers:
            raise ValueError("name the producers too: a feed that does not follow the move loses its right to put by them")
        return self

    @property
    def shards(self) -> int:
        """Of each stream, in each region."""
        return shards_for(self.records_per_second, self.record_bytes)
