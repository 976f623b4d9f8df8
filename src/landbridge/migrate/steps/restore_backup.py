"""A backup counts when it was restored: the copy in the target's vault is, on trial, before the source may go."""

from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.model.region import Region


@dataclass(frozen=True, slots=True)
class Trial:
    """A restore on trial: under which turn it was begun, how it stands."""

    turn: int
    over: bool
    compared: int = 0  # what was restored and found equal to the backup
    failure: str = ""


class Backup(Protocol):
    """One store's backups in the target's vault."""

    def copied(self) -> float | None:
        """When the newest one that lies there was made; None = there is none."""

    def trial(self) -> Trial | None:
        """The newest restore on trial; None = there is none, or it was cleared away."""

    def restore(self, turn: int) -> None:
        """Begin one beside what runs, compare, and clear it away; nothing while one of this turn or a later one is there."""


@dataclass(frozen=True)
class RestoreBackup(Step):
    """Done when a restore begun by this step was compared and found whole."""

    store: str
    target: Region
    backup: Backup
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"restore_backup.{self.store}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"restore the newest backup of {self.store} that lies in {self.target}, on trial, and compare it"

    def check(self, context: Context) -> Seen:
        """One of an older run proves nothing about today's backup."""
        copied, trial = self.backup.copied(), self.backup.trial()
        intents = context.history.intents(self.name, Verb.APPLY)
        if copied is None:
            return Seen(State.BLOCKED, f"no backup of {self.store} lies in {self.target}: see its backup plan")
        if trial is None or not intents or trial.turn < intents[0][0]:
            return Seen(State.READY, f"no backup of {self.store} was restored on trial yet")
        if not trial.over:
            return Seen(State.WAITING, f"{self.store} is being restored on trial")
        if trial.failure:
            return Seen(State.BLOCKED, f"restoring {self.store} failed: {trial.failure}; clear it away and it is tried again")
        figures = {"compared": trial.compared, "backup_age_s": round(context.now - copied)}
        return Seen(State.DONE, f"a backup of {self.store} was restored and is whole", figures)

    def apply(self, context: Context) -> None:
        """Begins the trial."""
        self.backup.restore(context.turn)

    def revert(self, context: Context) -> Seen:
        """It lies beside what runs, and is cleared away when it is over."""
        return Seen(State.DONE, "a trial leaves nothing behind")
