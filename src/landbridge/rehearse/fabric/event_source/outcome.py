"""What came of an invocation, and how much of its batch it settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.rehearse.fabric.event_source.record import Record


@dataclass(frozen=True, slots=True)
class Outcome:
    """An invocation: `error` is the function's own ("Unhandled", its timeout too), `refused` why it was not run at all.

    An invocation whose answer was lost counts as refused: it comes again, and not as an attempt.
    """

    answer: Any = None
    error: str = ""
    refused: str = ""
    request: str = ""
    version: str = "$LATEST"


def first_failed(outcome: Outcome, records: Sequence[Record], *, reports: bool) -> int | None:
    """The first record that must come again, or None when the whole batch is settled.

    With ReportBatchItemFailures the lowest sequence number named; a report that can't be read fails the whole batch.
    """
    if outcome.error:
        return 0
    if not reports or not outcome.answer:
        return None
    if not isinstance(outcome.answer, dict):
        return 0
    return _lowest(outcome.answer.get("batchItemFailures"), records)


def _lowest(failures: Any, records: Sequence[Record]) -> int | None:
    if not failures:
        return None
    places = {record.sequence: index for index, record in enumerate(records)}
    try:
        return min(places[failure["itemIdentifier"]] for failure in failures)
    except (KeyError, TypeError):
        return 0
