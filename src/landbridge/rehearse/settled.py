"""What became of all that users were promised of one domain, in the words judge and report have for every domain."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.model.pen import Domain


@dataclass(frozen=True, slots=True)
class Settled:
    """`what` was accepted, as a plural; under each way in which one can be wrong a sentence for each that is."""

    domain: Domain | None  # whose pen it is written under; None = under none that moves
    what: str
    accepted: int
    flaws: Mapping[str, tuple[str, ...]]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with any of it."""
        return not any(self.flaws.values())
