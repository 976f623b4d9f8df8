"""A backup that nothing here can restore is no proof: people answer for it, by name, before the source may go."""

from dataclasses import dataclass, field

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


@dataclass(frozen=True)
class GoUntried(Step):
    """Done once it was begun, which its phase's approvals allow: so the journal has who answers for it, and why."""

    store: str
    target: Region
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"go_untried.{self.store}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"go on though nothing here restores a backup of {self.store} in {self.target}: who approves has tried one by hand"

    def check(self, context: Context) -> Seen:
        """Begun in this run."""
        if not context.turn:
            return Seen(State.READY, f"nothing here restores a backup of {self.store}")
        return Seen(State.DONE, f"no backup of {self.store} is restored by this plan; who approved answers for that")

    def apply(self, context: Context) -> None:
        """Its intent is all."""

    def revert(self, context: Context) -> Seen:
        """Nothing was changed."""
        return Seen(State.DONE, "nothing was changed")
