"""Everything both plans can have, killed at records drawn at random and at each of its end: another engine always finishes it."""

import random
from collections.abc import Callable

import pytest
from tests.builders import FakeWorld
from tests.fakes import FakeJournalStore, Killed, reopened
from tests.unit.migrate.test_whole_plan import gone, whole

from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Record

LEASE_OVER = 6 + 2 + 1


def killing(at: int) -> Callable[[Record], None]:
    """Ends the process at the n-th record."""
    left = [at]

    def strike(_record: Record) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    return strike


def finish(world: FakeWorld, store: FakeJournalStore) -> None:
    """Another engine goes on; a move that unwound meanwhile is begun again."""
    world.clock.sleep(LEASE_OVER)
    again = reopened(store)
    made = whole(world, again, "second")
    while made.journal.progress.outcome is Outcome.ROLLED_BACK:
        made.again()
        made = whole(world, again, "second")
    assert made.journal.progress.outcome is Outcome.DONE


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("where", ["on_put", "on_kept"])
def test_killed_at_any_record_another_engine_finishes_it(seed: int, where: str) -> None:
    """Before or after the record, anywhere in either plan: the end is the same."""
    world, store = FakeWorld(), FakeJournalStore()
    setattr(store, where, killing(random.Random(seed).randint(1, WHOLE)))
    with pytest.raises(Killed):
        whole(world, store)
    finish(world, store)
    assert gone(world)


def test_killed_at_any_record_of_the_end_another_engine_finishes_it() -> None:
    """Each record from the end of the bake on: nothing is taken away twice or forgotten."""
    for back in range(1, 40):
        world, store = FakeWorld(), FakeJournalStore()
        store.on_kept = killing(WHOLE - back)
        with pytest.raises(Killed):
            whole(world, store)
        finish(world, store)
        assert gone(world)
        assert len(world.leaving.residency.reports) >= 1


def _whole() -> int:
    world, store = FakeWorld(), FakeJournalStore()
    whole(world, store)
    return len(store.kept) - 1


WHOLE = _whole()
