"""The market's feeds put at the target: they read their address again and confirm."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from landbridge.migrate.market import Feeds, Mappings, Streams
from landbridge.migrate.pens import Pens
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.migrate.steps.budget import Budget
from landbridge.model.market import Stream
from landbridge.model.pen import Domain
from landbridge.model.region import Region


@dataclass(frozen=True)
class MoveFeeds(Step):
    """Done when every feed has confirmed the target, or the right of the others to put at the source is withdrawn."""

    source: Region
    target: Region
    feeds: Feeds
    streams: Streams
    mappings: Mappings
    pens: Pens
    patience: timedelta
    budget: Budget
    setting: ClassVar[bool] = True
    name: str = field(default="move_feeds", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"tell the feeds to put at {self.target}; withdraw the right to put at {self.source} from those that have not "
            f"confirmed within {self.patience.total_seconds():g} s"
        )

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return max(self.feeds.takes_at_most, self.mappings.takes_at_most)

    def before(self) -> dict[str, Region | None]:
        """What each side told the feeds; a target that was only just deployed told nothing."""
        return {region: self.feeds.address(region) for region in (self.source, self.target)}

    def check(self, context: Context) -> Seen:
        """What a stranger changed is set again."""
        if not context.done and (late := self.budget.overdue(context)):
            return late
        if not context.turn or not self._sent_to(self.target):  # told by a stranger, they would not be told back
            return Seen(State.READY, f"the feeds are not told to put at {self.target}")
        if context.done:
            return Seen(State.DONE, f"the feeds put at {self.target}")
        return self._confirmed(context, self.target, self.source, Verb.APPLY)

    def apply(self, context: Context) -> None:
        """Tells both sides; once they were told and patience is over, withdraws the right of the silent ones."""
        if not self._sent_to(self.target):
            self._send_to(self.target, context)
        elif self._is_over(context, Verb.APPLY):
            context.sure()
            self.feeds.withdraw(self.source)

    def revert(self, context: Context) -> Seen:
        """Each side's stream is ended before the other one's goes on: the source's, then the target's."""
        drained = self._ended(self.source, context.turn, self.streams.passed(self.source, self.source, context.turn))
        if drained.state is not State.DONE:
            return drained
        if self.mappings.made_under(self.source, Stream.LIVE) is not None:
            context.sure()
            self.mappings.stop(self.source, Stream.LIVE)
        if not self._sent_to(self.source):
            self._send_to(self.source, context)
        confirmed = self._confirmed(context, self.source, self.target, Verb.REVERT)
        if confirmed.state is State.READY:
            context.sure()
            self.feeds.withdraw(self.target)
        if confirmed.state is State.WAITING:
            return confirmed
        ended = self._ended(self.target, context.turn, self.streams.mirrored(self.target, context.turn))
        if ended.state is State.DONE and context.before.get(self.target, self.source) is None:
            context.sure()
            self.feeds.forget(self.target)
        return ended

    def _ended(self, region: Region, turn: int, reached: frozenset[str]) -> Seen:
        missing = self.streams.shards(region) - reached
        if not missing:
            return Seen(State.DONE, f"the feeds put at {self.source} again, and nothing of theirs is left in {self.target}")
        self.streams.mark_end(region, self.pens.read(region, Domain.MARKET).epoch, turn)
        return Seen(State.WAITING, f"the ends of {len(missing)} shards of {region} were not reached yet")

    def _sent_to(self, to: Region) -> bool:
        return self.feeds.may_put(to) and all(self.feeds.address(side) in {to, None} for side in (self.source, self.target))

    def _send_to(self, to: Region, context: Context) -> None:
        context.sure()
        self.feeds.restore(to)
        for side in (self.source, self.target):
            context.sure()
            self.feeds.point(side, to)

    def _confirmed(self, context: Context, to: Region, away: Region, verb: Verb) -> Seen:
        """READY when patience is over and somebody may still put at the side they leave."""
        silent = self.feeds.unconfirmed(to)
        if not silent:
            return Seen(State.DONE, f"every feed puts at {to}")
        named = ", ".join(silent)
        if not self._is_over(context, verb):
            return Seen(State.WAITING, f"{named} did not confirm {to} yet")
        if self.feeds.may_put(away):
            return Seen(State.READY, f"{named} did not confirm {to} in time")
        return Seen(State.DONE, f"{named} may not put at {away} any more", {"unconfirmed": silent})

    def _is_over(self, context: Context, verb: Verb) -> bool:
        told = context.history.intents(self.name, verb)
        return bool(told) and context.now - told[0][1] > self.patience.total_seconds()
