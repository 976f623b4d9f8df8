"""The moment from which either side would read the streams again, so that going on and going back both find every record.

Going back, the source first reads what came to the target meanwhile, from its mirror, and then its own stream: in the
order in which the feeds put it.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.market import Mappings, Streams
from landbridge.migrate.step import Context, History, Seen, State, Step, Verb
from landbridge.model.market import Stream
from landbridge.model.region import Region

NAME = "keep_place.market"


@dataclass(frozen=True)
class KeepPlace(Step):
    """Done when the moment is in the journal."""

    source: Region
    target: Region
    streams: Streams
    mappings: Mappings
    margin: timedelta  # what clocks may differ by
    name: str = field(default=NAME, init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return "note the moment from which the market's streams would be read again, by either side"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.mappings.takes_at_most

    def check(self, context: Context) -> Seen:
        """An intent is a moment."""
        if context.turn:
            return Seen(State.DONE, "the moment is noted")
        return Seen(State.READY, "no moment is noted yet")

    def apply(self, context: Context) -> None:
        """The intent is all."""

    def revert(self, context: Context) -> Seen:
        """The source reads on where it would have, had the feeds never left it."""
        left = context.history.intents("move_feeds", Verb.REVERT)
        if not left:
            return Seen(State.DONE, f"{self.source} never stopped reading")
        since = place_kept(context.history, self.margin)
        self._read(Stream.MIRROR, since, context)
        missing = self.streams.shards(self.target) - self.streams.passed(self.source, self.target, left[-1][0])
        if missing:
            return Seen(State.WAITING, f"{self.source} has yet to read to the end of {len(missing)} shards of {self.target}")
        self._read(Stream.LIVE, since, context)
        return Seen(State.DONE, f"{self.source} reads its own stream again")

    def _read(self, stream: Stream, since: float, context: Context) -> None:
        if self.mappings.made_under(self.source, stream) != context.turn:
            context.sure()
            self.mappings.start(self.source, stream, since, context.turn)


def place_kept(history: History, margin: timedelta) -> float:
    """The moment that was noted in this run, less what clocks may differ by."""
    return history.intents(NAME, Verb.APPLY)[0][1] - margin.total_seconds()
