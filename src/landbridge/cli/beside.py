"""No deploy beside a move: whoever has the deploy lock looks at the journal, and the engine's steps look at the lock.

The run is in the journal before the engine's first act, and the lock is taken before the journal is read. So of two
that begin at once at least one sees the other (docs/decisions/0041).
"""

from datetime import UTC, datetime

from landbridge.migrate.adapters.leading import Moving
from landbridge.model.errors import MoveUnderWay


def refuse_beside_a_move(migration: Moving) -> None:
    """MoveUnderWay while a run has not ended; a platform without a journal was never moved."""
    if not migration.deployer.outputs(migration.deployer.stack("journal"), migration.deployer.journal):
        return
    journal = migration.journal("a deploy")
    journal.refresh()
    run = journal.progress
    if not run.plan or run.outcome is not None:
        return
    began = datetime.fromtimestamp(journal.records[run.run - 1].at, UTC).isoformat(timespec="seconds")
    raise MoveUnderWay(run.plan_name, began, run.starter)
