"""The target gets its weighted record and health check, at weight 0."""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.traffic.port import Traffic


@dataclass(frozen=True)
class AddRoute(Step):
    """Done when the target has a record."""

    traffic: Traffic
    drain: timedelta  # how long resolvers may still send readers to a record that is gone
    name: str = field(default="add_route", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return "add the target's weighted record with its health check, at weight 0"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.traffic.takes_at_most

    def check(self, context: Context) -> Seen:
        """Ready while there is no record."""
        percent = self.traffic.percent()
        if percent is None:
            return Seen(State.READY, "the target has no record yet")
        return Seen(State.DONE, "the target has its record")

    def before(self) -> dict[str, int | None]:
        """Whether a record stood already."""
        return {"percent": self.traffic.percent()}

    def apply(self, context: Context) -> None:
        """Adds it."""
        self.traffic.add_target()

    def revert(self, context: Context) -> Seen:
        """Removes a record that was not there before, and waits until nobody can still be sent to it."""
        if context.before["percent"] is not None:
            return Seen(State.DONE, "the records are as they were")
        context.sure()
        self.traffic.remove_target()
        gone = context.now - context.history.intents(self.name, Verb.REVERT)[-1][1]
        if gone < self.drain.total_seconds():
            return Seen(State.WAITING, f"resolvers may send readers to the target for {self.drain.total_seconds():g} s more")
        return Seen(State.DONE, "the records are as they were, and no resolver remembers another")
