"""Several copies as one: as far behind as the last of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.model.errors import LandbridgeError
from landbridge.model.measure import Lag
from landbridge.replicate.port import Heart


@dataclass(frozen=True)
class Together:
    """The hearts of every store."""

    hearts: Mapping[str, Heart]

    def beat(self) -> None:
        """Each of them, whatever becomes of the others; then the first that failed is told."""
        failed = [error for heart in self.hearts.values() if (error := _failed(heart))]
        if failed:
            raise failed[0]

    def lag(self) -> Lag | None:
        """The longest; None where one of them is not readable yet."""
        lags = [heart.lag() for heart in self.hearts.values()]
        known = [lag for lag in lags if lag is not None]
        return max(known) if known and len(known) == len(lags) else None


def _failed(heart: Heart) -> LandbridgeError | None:
    try:
        heart.beat()
    except LandbridgeError as error:
        return error
    return None
