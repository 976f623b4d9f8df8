"""What runs at the source is taken over as it is, or refused with the reason: nothing is made anew under its users."""

from dataclasses import dataclass, field

from landbridge.migrate import one_by_one
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.migrate.takeover import Takeover
from landbridge.model.region import Region


@dataclass(frozen=True)
class AdoptSource(Step):
    """Done when everything the platform consists of at the source is owned by its stacks."""

    source: Region
    estate: Takeover
    name: str = field(default="adopt_source", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"take over what runs in {self.source} as it is, making nothing anew; refuse with the reason what can't be"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.estate.takes_at_most

    def before(self) -> dict[str, list[str]]:
        """What was owned already: revert leaves that alone."""
        return {"owned": self.estate.owned()}

    def check(self, context: Context) -> Seen:
        """A single thing that can't be taken over holds the migration, before anything else was touched."""
        return one_by_one.look(self.estate, self.estate.foreign(), f"in {self.source} belongs to no stack yet") or Seen(
            State.DONE, f"everything in {self.source} belongs to its stacks", {"owned": self.estate.owned()}
        )

    def apply(self, context: Context) -> None:
        """Takes the next one over."""
        one_by_one.begin(self.estate, self.estate.foreign(), self.estate.take)

    def revert(self, context: Context) -> Seen:
        """Lets go of what was not ours before, last one first; it goes on running."""
        ours = [thing for thing in self.estate.owned() if thing not in context.before["owned"]]
        return one_by_one.put_back(self.estate, ours, self.estate.give_back, f"{self.source} belongs to whom it did before")
