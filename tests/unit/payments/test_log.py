"""The log holds words of its own, numbers and kinds of failure; nothing of a record has a way into it."""

import io

import pg8000.exceptions

from landbridge.workloads.payments.log import Log

CARD = "4242424242424242"


def test_a_line_is_a_word_numbers_and_the_kind_of_failure() -> None:
    """One line a call."""
    to = io.StringIO()
    Log(to, {"events"})("events", pg8000.exceptions.DatabaseError({"C": "40001", "M": CARD}), taken=3, ms=12.7)
    Log(to, {"events"})("events", ValueError(CARD))
    assert to.getvalue() == "events taken 3 ms 12 40001\nevents ValueError\n"


def test_a_word_that_is_not_its_own_is_not_written() -> None:
    """Whoever passes what he should not, passes nothing."""
    to = io.StringIO()
    Log(to, {"events"})(CARD, status=200)
    assert to.getvalue() == "other status 200\n"
