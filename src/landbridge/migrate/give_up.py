"""Ends a run that can go neither on nor back, because the region it needs is lost: another plan may begin then.

It changes nothing in the world. What the run had sent carries lower turns than anything that comes after it, and what
carries none is waited for, because the moment until which it may arrive stays in the journal's standing.
"""

from landbridge.migrate.journal import Journal
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind


def give_up(journal: Journal, why: str) -> None:
    """End the run under way; nothing when there is none."""
    journal.refresh()
    journal.hold_lease()
    if journal.progress.plan and not journal.progress.outcome:
        journal.append(Kind.ENDED, why=why, data={"outcome": Outcome.GIVEN_UP})
