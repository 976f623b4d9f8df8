"""The target's transform reads the market; the source's reads nothing any more."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from landbridge.migrate.market import Mappings
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.migrate.steps.keep_place import place_kept
from landbridge.model.market import Stream
from landbridge.model.region import Region


@dataclass(frozen=True)
class StartTransform(Step):
    """Done when the target reads its live stream and its mirror, each from the moment kept, and the source neither."""

    source: Region
    target: Region
    mappings: Mappings
    margin: timedelta
    retention: timedelta
    setting: ClassVar[bool] = True
    name: str = field(default="start_transform", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"let the transform of {self.target} read its stream and its mirror from the moment noted, "
            f"and that of {self.source} read nothing"
        )

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.mappings.takes_at_most

    def check(self, context: Context) -> Seen:
        """A place older than what the streams keep is lost: a person must decide."""
        age = context.now - place_kept(context.history, self.margin)
        if not context.turn and age > self.retention.total_seconds():
            return Seen(
                State.BLOCKED, f"the moment noted is {age:.0f} s ago, and the streams keep {self.retention}: records are lost"
            )
        kept = context.history.intents("keep_place.market", Verb.APPLY)[0][0]
        begun = [self.mappings.made_under(self.target, stream) for stream in Stream]
        if any(turn is None or turn < kept for turn in begun):
            return Seen(State.READY, f"{self.target} does not read the market yet")
        if any(self.mappings.made_under(self.source, stream) is not None for stream in Stream):
            return Seen(State.READY, f"{self.source} still reads the market")
        return Seen(State.DONE, f"{self.target} reads the market")

    def apply(self, context: Context) -> None:
        """Under its first turn always: a reading that was begun and stopped goes on from where it stood."""
        first = context.history.intents(self.name, Verb.APPLY)[0][0]
        for stream in Stream:
            context.sure()
            self.mappings.start(self.target, stream, place_kept(context.history, self.margin), first)
        for stream in Stream:
            context.sure()
            self.mappings.stop(self.source, stream)

    def revert(self, context: Context) -> Seen:
        """The pen alone decides who processes; whoever goes on starts what it needs."""
        return Seen(State.DONE, "whoever holds the pen starts what it needs")
