"""What lies in the customer's bucket is what the chain says, up to the record that was asked for, and is never changed."""

from tests.fakes import Clock, FakeJournalStore
from tests.unit.migrate.leaving_fakes import FakeAws

from landbridge.migrate.adapters.leaving.evidence import JournalEvidence
from landbridge.migrate.journal import Journal
from landbridge.migrate.record import Kind


def chain(records: int) -> FakeJournalStore:
    """A lease and so many findings."""
    store = FakeJournalStore()
    journal = Journal(store, "ada", Clock(), lease_seconds=60, skew_bound=2)
    journal.hold_lease()
    for number in range(records):
        journal.append(Kind.FOUND, "step", f"look {number}", {"state": "waiting"})
    return store


def test_the_journal_is_copied_up_to_the_record_that_was_asked_for() -> None:
    """What comes later is about what comes later."""
    aws, store = FakeAws(), chain(5)
    evidence = JournalEvidence(store, aws.kept())
    assert evidence.lacking(3) == ["the journal up to record 3 (journal-0000000003.json)"]
    evidence.copy(3)
    assert evidence.lacking(3) == []
    (body,) = aws.s3.objects.values()
    assert body.decode().splitlines() == [record.body() for record in store.kept[:3]]


def test_a_copy_that_says_something_else_is_none() -> None:
    """It is named, and not written over: a person must see it."""
    aws, store = FakeAws(), chain(2)
    aws.kept().keep(2, b"something else")
    evidence = JournalEvidence(store, aws.kept())
    evidence.copy(2)
    assert evidence.lacking(2)
    assert list(aws.s3.objects.values()) == [b"something else"]


def test_another_engine_finds_what_the_first_one_copied() -> None:
    """Nothing is remembered but what lies there."""
    aws, store = FakeAws(), chain(2)
    JournalEvidence(store, aws.kept()).copy(2)
    assert JournalEvidence(store, aws.kept()).lacking(2) == []
    assert not JournalEvidence(store, aws.kept()).copying()
