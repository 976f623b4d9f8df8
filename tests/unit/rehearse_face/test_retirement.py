"""People of a rehearsal agree to whatever the retirement's plan asks approvals for, as soon as it is under way."""

import asyncio
from dataclasses import dataclass
from typing import cast

import pytest
from tests.builders import FakeWorld
from tests.fakes import FakeJournalStore
from tests.unit.migrate.test_whole_plan import gone, moved, run

from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.engine import Tick
from landbridge.migrate.journal import Journal
from landbridge.rehearse import retirement


@dataclass
class Chained:
    """As much of a migration as people need: its journal, each under a name of their own."""

    world: FakeWorld
    store: FakeJournalStore

    def journal(self, who: str) -> Journal:
        """Of the one chain."""
        return Journal(self.store, who, self.world.clock, lease_seconds=6, skew_bound=2)


def test_every_phase_gets_as_many_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two for the backup that nobody restored, two for the end of the source."""
    monkeypatch.setattr(retirement, "LOOK_SECONDS", 0.0)
    world, store = FakeWorld(), FakeJournalStore()
    world.leaving.untried = ("database",)
    made = moved(world, store, retire=2)
    run(made, world, lambda each: "stopped_by" in each.journal.records[-1].data)
    asyncio.run(retirement.Approvers(cast("Migration", Chained(world, store)), made.plan).agree())
    assert run(made, world) is Tick.ENDED
    people = ["approver 1", "approver 2"]
    assert made.journal.progress.approvals == {"untried": people, "retire": people}
    assert gone(world)
