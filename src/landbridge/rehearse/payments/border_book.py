"""Who was turned away where: each region's firewall must stop the countries the region was told of, and nobody else.

What a region was told is read from its committed answers, not from the firewall that is judged by them.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from landbridge.model.region import Region
from landbridge.rehearse.settled import Settled


@dataclass
class BorderBook:
    """`blocked` are the countries each region turns away; requests are counted by region, country and what became of them."""

    blocked: Mapping[Region, Collection[str]]
    came: Counter[tuple[Region, str, bool]] = field(default_factory=Counter)

    def answered(self, region: Region, country: str, *, refused: bool) -> bool:
        """Takes note of one answer; whether it is as it should be."""
        self.came[region, country, refused] += 1
        return refused is (country in self.blocked[region])

    def settle(self, standing: Collection[Region]) -> Settled:
        """Of the regions that stand, each must have been tried by somebody of each kind that tells it from the other."""
        flaws = {
            "missing": tuple(self._told(refused=False)),
            "wrong": tuple(self._told(refused=True)),
            "unproved": tuple(self._untried(standing)),
        }
        refused = sum(count for (region, country, _), count in self.came.items() if country in self.blocked[region])
        return Settled(None, "refusals", refused, flaws)

    def _told(self, *, refused: bool) -> list[str]:
        wrong = sorted(
            (region, country, count)
            for (region, country, was), count in self.came.items()
            if was is refused and refused is not (country in self.blocked[region])
        )
        what = "refused" if refused else "let through"
        return [f"{count} requests from {country} were {what} in {region}" for region, country, count in wrong]

    def _untried(self, standing: Collection[Region]) -> list[str]:
        everywhere = set(self.blocked[min(standing)]).intersection(*(self.blocked[region] for region in standing))
        here = {region: set(self.blocked[region]) - everywhere for region in standing}
        tried = {(region, country) for region, country, _ in self.came}
        return [
            f"nobody from {' or '.join(sorted(countries))} came to {where}"
            for region, countries in sorted(here.items())
            for where in sorted(standing)
            if countries and not any((where, country) in tried for country in countries)
        ]
