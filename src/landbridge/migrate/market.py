"""The market as the engine moves it: its feeds, its streams, and who reads them.

Acts on feeds and mappings carry no turn, so nothing can fence them: the steps that act say how long an act may last.
"""

from typing import Protocol

from landbridge.model.market import Stream
from landbridge.model.pen import Epoch
from landbridge.model.region import Region


class Feeds(Protocol):
    """Where the feeds put what they have. Every act is idempotent."""

    @property
    def takes_at_most(self) -> float:
        """After how many seconds no act of ours can arrive any more."""

    def address(self, side: Region) -> Region | None:
        """The region that this side's ingest address names; None = it has none any more, so no feed is told anything there."""

    def point(self, side: Region, to: Region) -> None:
        """Set this side's ingest address; the feeds read it again when they come to it."""

    def forget(self, side: Region) -> None:
        """Take this side's ingest address away."""

    def unconfirmed(self, to: Region) -> list[str]:
        """The feeds that have not confirmed that they put there."""

    def may_put(self, region: Region) -> bool:
        """Whether the feeds have the right to put there."""

    def withdraw(self, region: Region) -> None:
        """Take that right away; it takes effect late: a nudge, not a fence."""

    def restore(self, region: Region) -> None:
        """Give that right back."""


class Streams(Protocol):
    """Each region's live stream, and its mirror in the other region."""

    def shards(self, region: Region) -> frozenset[str]:
        """The leaf shards of the region's live stream."""

    def mark_end(self, region: Region, epoch: Epoch, turn: int) -> None:
        """An end marker into every leaf shard. Not a second one once every shard is known to have this turn's."""

    def passed(self, at: Region, origin: Region, turn: int) -> frozenset[str]:
        """The shards of `origin` of which the transform at `at` has passed an end marker of this turn or a later one.

        It reads the live stream where it is at the origin, and the mirror elsewhere.
        """

    def mirrored(self, origin: Region, turn: int) -> frozenset[str]:
        """The shards of `origin` of which we found such a marker in the mirror ourselves."""


class Mappings(Protocol):
    """Which streams a region's transform reads."""

    @property
    def takes_at_most(self) -> float:
        """After how many seconds no act of ours can arrive any more."""

    def made_under(self, region: Region, stream: Stream) -> int | None:
        """The turn its reading of this stream was begun under, 0 before any of ours; None = it doesn't read it."""

    def start(self, region: Region, stream: Stream, since: float, turn: int) -> None:
        """One act on the way to reading the stream from `since` on, or from its oldest record where it keeps none so old.

        An older reading is taken away first, so look at what it is made under, and call again. A reading begun under this turn
        or a later one goes on from where it stands.
        """

    def stop(self, region: Region, stream: Stream) -> None:
        """Read it no more; done when no function gets another record from it. Idempotent."""
