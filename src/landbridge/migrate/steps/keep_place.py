"""The moment from which either side would read the streams again, so that going on and going back both find every record.

Going back, the source first reads what came to the target meanwhile, from its mirror, and then its own stream: in the
order in which the feeds put it.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.market import Mappings, Streams
from landbridge.migrate.pens import Pens
from landbridge.migrate.step import Context, History, Seen, State, Step, Verb
from landbridge.model.market import Stream
from landbridge.model.pen import Domain
from landbridge.model.region import Region

NAME = "keep_place.market"
OLDEST = 0.0  # whatever the mirror still has
AGAIN_SECONDS = 15.0  # a marker not passed by then may never have been put: another one is


@dataclass(frozen=True)
class KeepPlace(Step):
    """Done when the source has processed whatever was put at the target before the moment; the journal has the moment.

    A feed that was slow to leave the target, or was told a wrong address, may have put there while the source was the holder.
    Closed, the source skips its mirror; and the target will read no further back than the moment.
    """

    source: Region
    target: Region
    streams: Streams
    mappings: Mappings
    pens: Pens
    margin: timedelta  # what clocks may differ by
    name: str = field(default=NAME, init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"note the moment from which the market's streams would be read again, by either side, and see {self.source} past "
            f"everything put at {self.target} before it"
        )

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.mappings.takes_at_most

    def check(self, context: Context) -> Seen:
        """An intent is a moment; the marker put after it comes behind everything that was there before."""
        if context.done:
            return Seen(State.DONE, "the moment is noted")
        noted = context.history.intents(self.name, Verb.APPLY)
        if not noted:
            return Seen(State.READY, "no moment is noted yet")
        missing = self.streams.shards(self.target) - self.streams.passed(self.source, self.target, noted[0][0])
        if not missing:
            return Seen(State.DONE, f"{self.source} is past everything put at {self.target} before the moment")
        state = State.READY if context.now - noted[-1][1] > AGAIN_SECONDS else State.WAITING
        return Seen(state, f"{self.source} has yet to pass {len(missing)} shards of what was put at {self.target}")

    def apply(self, context: Context) -> None:
        """The holder reads its mirror, and a marker goes into every shard of the target."""
        if self.mappings.made_under(self.source, Stream.MIRROR) is None:
            context.sure()
            self.mappings.start(self.source, Stream.MIRROR, OLDEST, context.turn)
        self.streams.mark_end(self.target, self.pens.read(self.target, Domain.MARKET).epoch, context.turn)

    def revert(self, context: Context) -> Seen:
        """The source reads on where it would have, had the feeds never left it."""
        left = context.history.intents("move_feeds", Verb.REVERT)
        if not left:
            return Seen(State.DONE, f"{self.source} never stopped reading")
        since = place_kept(context.history, self.margin)
        self._reads(Stream.MIRROR, since, context)
        missing = self.streams.shards(self.target) - self.streams.passed(self.source, self.target, left[-1][0])
        if missing:
            return Seen(State.WAITING, f"{self.source} has yet to read to the end of {len(missing)} shards of {self.target}")
        if not self._reads(Stream.LIVE, since, context):
            return Seen(State.WAITING, f"{self.source} has yet to begin its own stream anew")
        return Seen(State.DONE, f"{self.source} reads its own stream again")

    def _reads(self, stream: Stream, since: float, context: Context) -> bool:
        """It takes more than one act where an older reading stands in the way."""
        if self.mappings.made_under(self.source, stream) == context.turn:
            return True
        context.sure()
        self.mappings.start(self.source, stream, since, context.turn)
        return False


def place_kept(history: History, margin: timedelta) -> float:
    """The moment that was noted in this run, less what clocks may differ by."""
    return history.intents(NAME, Verb.APPLY)[0][1] - margin.total_seconds()
