"""What proves the migration is in the customer's own bucket before anything of the source is taken away."""

from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate.step import Context, Seen, State, Step


class Evidence(Protocol):
    """Journal, logs and reports, and their copies in the customer's bucket."""

    def copying(self) -> bool:
        """Whether a copy is under way."""

    def lacking(self, turn: int) -> list[str]:
        """What the bucket does not have just so, read there: the journal up to this record, the logs and reports until then."""

    def copy(self, turn: int) -> None:
        """Begin to copy it; nothing that lies there already is changed. Idempotent."""


@dataclass(frozen=True)
class CopyEvidence(Step):
    """Done when the bucket has everything up to this step's intent."""

    evidence: Evidence
    name: str = field(default="copy_evidence", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return "copy the journal, the logs and the reports into the customer's bucket, and find each of them there"

    def check(self, context: Context) -> Seen:
        """Up to the intent: what is written later is about what comes later."""
        if not context.turn:
            return Seen(State.READY, "no evidence was copied yet")
        if self.evidence.copying():
            return Seen(State.WAITING, "the evidence is being copied")
        if lacking := self.evidence.lacking(context.turn):
            return Seen(State.READY, f"the customer's bucket lacks {', '.join(lacking)}", {"lacking": lacking})
        return Seen(State.DONE, "the customer's bucket has all of it", {"until_record": context.turn})

    def apply(self, context: Context) -> None:
        """Copies."""
        self.evidence.copy(context.turn)

    def revert(self, context: Context) -> Seen:
        """Evidence is not taken back."""
        return Seen(State.DONE, "evidence stays")
