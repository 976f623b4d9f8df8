"""What a region accepted is worked off before the region counts as out: its queue of events is seen empty, and stays so.

SQS counts by approximation and is right about a minute after the last message came. So one empty look proves nothing: it
must be seen empty for a while, and time in which nobody looked does not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from landbridge.migrate.step import Context, Look, Seen, State, Verb
from landbridge.model.region import Region


class Events(Protocol):
    """A region's events that are not worked off yet."""

    def waiting(self) -> Mapping[str, int]:
        """How many wait, by what they wait for: in the queue, with a function, later."""

    def set_aside(self) -> int:
        """How many were tried too often: they stay, and somebody must look at them."""


@dataclass(frozen=True)
class DrainEvents(Look):
    """Done when the queue was seen empty for so long, counted from when clients are gone."""

    out: Region
    events: Events
    gone: timedelta  # how long resolvers may still send clients there
    quiet: timedelta
    after: str  # the step that sent clients away
    name: str = field(default="drain_events", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"wait until every event {self.out} accepted is worked off: its queue empty for {self.quiet.total_seconds():g} s"

    def check(self, context: Context) -> Seen:
        """A region that does not answer is waited for: what lies there is not lost, and not worked off either."""
        if context.done:
            return Seen(State.DONE, "was seen empty")
        waiting = {kind: count for kind, count in self.events.waiting().items() if count}
        if waiting:
            told = ", ".join(f"{count} {kind}" for kind, count in sorted(waiting.items()))
            return Seen(State.WAITING, f"events of {self.out} are not worked off: {told}", {"waiting": waiting})
        return self._quiet(context, self.events.set_aside())

    def _quiet(self, context: Context, aside: int) -> Seen:
        sent = context.history.intents(self.after, Verb.APPLY)
        earliest = sent[-1][1] + self.gone.total_seconds() if sent else 0.0
        known = context.history.figures(self.name).get("quiet_since", context.now)
        since = max(known, earliest, context.history.awake_since)
        figures = {"quiet_since": since, "set_aside": aside}
        if context.now - since < self.quiet.total_seconds():
            return Seen(State.WAITING, f"the queue of {self.out} is empty, but not for long enough yet", figures)
        left = f"; {aside} events were set aside there, and somebody must look at them" if aside else ""
        return Seen(State.DONE, f"the queue of {self.out} was empty for {context.now - since:.0f} s{left}", figures)
