"""Each region's API learns where the other one answers, so that it can forward what it may not write itself."""

from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


class PeerApis(Protocol):
    """The parameter in each region that names the other region's API."""

    def known(self, region: Region) -> str | None:
        """What the region believes; None = nothing."""

    def wanted(self, region: Region) -> str:
        """Where the other region's API really answers."""

    def write(self, region: Region, url: str) -> None:
        """Set it; idempotent."""

    def erase(self, region: Region) -> None:
        """Remove it; idempotent."""


@dataclass(frozen=True)
class ConnectApis(Step):
    """Done when each side knows the other."""

    source: Region
    target: Region
    peers: PeerApis
    name: str = field(default="connect_apis", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"tell the APIs of {self.source} and {self.target} where the other one answers"

    def before(self) -> dict[str, str | None]:
        """What each side believed."""
        return {region: self.peers.known(region) for region in (self.source, self.target)}

    def check(self, context: Context) -> Seen:
        """Ready as long as one side is told wrong."""
        for region in (self.source, self.target):
            if self.peers.known(region) != self.peers.wanted(region):
                return Seen(State.READY, f"{region} does not know the other side")
        return Seen(State.DONE, "each side knows the other")

    def apply(self, context: Context) -> None:
        """Tells both."""
        for region in (self.source, self.target):
            self.peers.write(region, self.peers.wanted(region))

    def revert(self, context: Context) -> Seen:
        """Each side believes again what it believed."""
        for region in (self.source, self.target):
            known = context.before[region]
            if known is None:
                self.peers.erase(region)
            else:
                self.peers.write(region, known)
        return Seen(State.DONE, "each side believes what it did before")
