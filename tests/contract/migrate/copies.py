"""The copies under test, as fake and as tables, with a way to write as users do."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.migrate.tables import Tables
from tests.fakes import SOURCE, TARGET, FakeStateCopies

from landbridge.migrate.adapters.state_copies import StateTables
from landbridge.model.region import Region
from landbridge.model.state import StateItem

FENCES = 3


@dataclass
class Hand:
    """Copies under test, and a way to write as users do."""

    copies: FakeStateCopies | StateTables
    accept: Callable[[Region, StateItem, float], None]


def made(tables: Tables) -> StateTables:
    """Copies over fresh tables in both regions."""
    pens, kept = (tables.make(kind, SOURCE, TARGET) for kind in ("pens", "state"))
    return StateTables(tables.clients, pens, kept, FENCES)
