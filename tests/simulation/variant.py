"""What is planted in a run: nothing, or one mistake."""

from collections.abc import Callable
from dataclasses import dataclass, field

from landbridge.migrate.journal import Journal, JournalStore
from landbridge.migrate.plan import Plan
from tests.simulation.hand.journal import SimJournal
from tests.simulation.world.place import Bugs
from tests.simulation.world.world import World


@dataclass(frozen=True)
class Variant:
    """What is planted: nothing, a bug of the world, another plan, another journal."""

    bugs: Bugs = field(default_factory=Bugs)
    plan: Callable[[World, Plan], Plan] = lambda _world, plan: plan
    journal: type[Journal] = Journal
    store: Callable[[World], JournalStore] = SimJournal
    skew: float = 0.9
