"""Every file that was sent to a bucket, kept outside both regions: copied out of the source, and never into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from landbridge.model.region import Pair, Region
from landbridge.rehearse.settled import Settled


@dataclass
class UploadBook:
    """By the region whose bucket took it: the sizes of the files, by their keys."""

    put: dict[Region, dict[str, int]] = field(default_factory=dict)

    def took(self, region: Region, customer: str, upload: str, size: int) -> None:
        """A bucket said that it has the file."""
        self.put.setdefault(region, {})[f"uploads/{customer}/{upload}"] = size

    def settle(self, regions: Pair[Region], copies: Mapping[Region, Mapping[str, int]]) -> Settled:
        """Held against the keys and sizes in each region's bucket; one that does not stand holds nothing and lacks nothing."""
        born, grown = (self.put.get(region, {}) for region in regions)
        source, target = (copies.get(region) for region in regions)
        whole = [(regions.source, born, source), (regions.target, grown | born, target)]
        flaws = {
            "lost": tuple(
                f"{key} is not in the bucket of {region} as it was sent"
                for region, wanted, held in whole
                if held is not None
                for key, size in sorted(wanted.items())
                if held.get(key) != size
            ),
            "copied back": tuple(f"{key} was sent to {regions.target}" for key in sorted(grown) if key in (source or {})),
            "unproved": self._unproved(regions, copies, grown),
        }
        return Settled(None, "uploads", len(born) + len(grown), flaws)

    def _unproved(self, regions: Pair[Region], copies: Mapping[Region, object], grown: Mapping[str, int]) -> tuple[str, ...]:
        """One way is shown only by a file that could have come back."""
        stands = regions.target in copies
        return (f"no file was sent to {regions.target}",) if stands and not grown else ()
