"""A table's backup is restored on trial, compared and cleared away, one act a call; an engine may die between any two."""

import json

import pytest
from tests.builders import FakeWorld
from tests.fakes import TARGET
from tests.unit.migrate.hand import Hand
from tests.unit.migrate.leaving_fakes import FakeAws, Item

from landbridge.migrate.adapters.leaving.backups import TableBackup
from landbridge.migrate.step import State
from landbridge.migrate.steps.restore_backup import RestoreBackup, Trial

KEYS = ("user", "view")


def items(*users: str) -> list[Item]:
    """One view each."""
    return [{"user": {"S": user}, "view": {"S": "main"}, "value": {"S": "x"}} for user in users]


def backup(aws: FakeAws) -> TableBackup:
    """A new one each time, as a new engine makes it: it remembers nothing."""
    return TableBackup(aws.clients(), TARGET, "state", KEYS, ("restored-", "-prod"), aws.kept("trial"))


@pytest.fixture(name="aws")
def _aws() -> FakeAws:
    """Three items, of which two were there when the backup was made."""
    aws = FakeAws()
    aws.dynamo.tables["state"] = items("ada", "ben", "cat")
    aws.dynamo.backups.append(("state", 990_000.0, items("ada", "ben")))
    return aws


def restored(aws: FakeAws) -> list[State]:
    """What the step sees until it is done or blocked, by an adapter that is made anew for each call."""
    world = FakeWorld(clock=aws.clock)
    hand, seen = Hand(world), [State.WAITING]
    while seen[-1] in {State.READY, State.WAITING}:
        step = RestoreBackup("state", TARGET, backup(aws))
        seen.append(hand.check(step).state)
        if seen[-1] is State.READY:
            hand.apply(RestoreBackup("state", TARGET, backup(aws)))
        else:
            aws.dynamo.settle()
    return seen[1:]


def test_it_is_restored_compared_and_leaves_nothing_behind(aws: FakeAws) -> None:
    """Three acts: begin, compare, clear away."""
    ready, waiting = State.READY, State.WAITING
    assert restored(aws) == [ready, waiting, ready, ready, waiting, State.DONE]
    assert list(aws.dynamo.tables) == ["state"]
    (kept,) = aws.s3.objects.values()
    assert json.loads(kept) == {"compared": 2, "failure": ""}


def test_a_backup_that_lacks_nothing_of_the_table_but_has_more_is_not_whole(aws: FakeAws) -> None:
    """Items are never deleted: a key the table does not have says that one of both is wrong."""
    aws.dynamo.backups.append(("state", 995_000.0, items("ada", "eve")))
    assert restored(aws)[-1] is State.BLOCKED
    trial = backup(aws).trial()
    assert trial is not None
    assert trial.failure == "1 of 2 keys are not in state"


def test_an_empty_backup_proves_nothing(aws: FakeAws) -> None:
    """It is a failure."""
    aws.dynamo.backups.append(("state", 995_000.0, []))
    assert restored(aws)[-1] is State.BLOCKED


def test_without_a_backup_nothing_is_begun(aws: FakeAws) -> None:
    """Whose age nobody can tell."""
    aws.dynamo.backups = []
    assert backup(aws).copied() is None
    backup(aws).restore(5)
    assert list(aws.dynamo.tables) == ["state"]


def test_the_newest_backup_counts(aws: FakeAws) -> None:
    """By when it was made."""
    aws.dynamo.backups.append(("state", 980_000.0, []))
    assert backup(aws).copied() == 990_000.0


def test_an_older_trial_is_told_as_what_it_is(aws: FakeAws) -> None:
    """The step sees by its turn that it is none of this run."""
    aws.kept("trial").keep(3, b'{"compared": 1, "failure": ""}')
    assert backup(aws).trial() == Trial(3, over=True, compared=1)
    backup(aws).restore(9)
    assert aws.dynamo.states == {"restored-9-prod": "CREATING"}
