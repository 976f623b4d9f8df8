"""The market goes to the region that stays: its feeds put there, and its transform reads what may not have been processed.

Nobody knows how far the lost transform came, nor which of its results were copied. Reading a record twice does no
harm, because results are keyed by its identity; so both streams are read from a moment well before the loss.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.market import Feeds, Mappings
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.model.market import Stream
from landbridge.model.region import Region


@dataclass(frozen=True)
class TakeMarket(Step):
    """Done when the feeds are told, on the side they can still read, and both streams are read anew."""

    lost: Region
    stays: Region
    feeds: Feeds
    mappings: Mappings
    read_back: timedelta
    name: str = field(default="take_market", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"tell the feeds to put at {self.stays}, and let its transform read its stream and the mirror of {self.lost} "
            f"from {self.read_back} ago"
        )

    @property
    def lasts(self) -> float:
        """As long as its ports say."""
        return max(self.feeds.takes_at_most, self.mappings.takes_at_most)

    def check(self, context: Context) -> Seen:
        """Feeds that have not confirmed are named and not waited for: they may be lost with their region."""
        if not self.feeds.may_put(self.stays) or self.feeds.address(self.stays) != self.stays:
            return Seen(State.READY, f"the feeds are not told to put at {self.stays}")
        begun, first = [self.mappings.made_under(self.stays, stream) for stream in Stream], self._first(context)
        if not first or any(turn is None or turn < first for turn in begun):
            return Seen(State.READY, f"{self.stays} does not read the market yet")
        silent = self.feeds.unconfirmed(self.stays)
        return Seen(State.DONE, f"{self.stays} reads the market", {"unconfirmed": silent})

    def apply(self, context: Context) -> None:
        """Under its first turn always: a reading that was begun goes on from where it stood."""
        context.sure()
        self.feeds.restore(self.stays)
        context.sure()
        self.feeds.point(self.stays, self.stays)
        since = context.history.intents(self.name, Verb.APPLY)[0][1] - self.read_back.total_seconds()
        for stream in Stream:
            context.sure()
            self.mappings.start(self.stays, stream, since, self._first(context))

    def revert(self, context: Context) -> Seen:
        """The pen alone decides who processes; whoever goes on starts what it needs."""
        return Seen(State.DONE, "whoever holds the pen starts what it needs")

    def _first(self, context: Context) -> int:
        intents = context.history.intents(self.name, Verb.APPLY)
        return intents[0][0] if intents else 0
