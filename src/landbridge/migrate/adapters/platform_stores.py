"""Every store of a platform together: what copies and compares each, writes its heartbeats, and moves its pen."""

from collections.abc import Callable
from dataclasses import dataclass

from landbridge.migrate.adapters.history import History, Late
from landbridge.migrate.adapters.live_market import STORE, LiveMarket
from landbridge.migrate.adapters.stores import Stores
from landbridge.migrate.pens import Pens
from landbridge.migrate.plans.cutover import Movers
from landbridge.model.measure import Survey
from landbridge.model.metrics import HISTORY
from landbridge.model.pen import Domain
from landbridge.replicate.global_table import GlobalTableReplicator
from landbridge.replicate.port import Heart, Replicator
from landbridge.replicate.together import Together
from landbridge.verify.port import Verifier

SELDOM = 1.0  # seconds: one among objects is a version kept for a day, one in a stream is copied by a request of its own
ROWS = ("analytics", ("pk", "sk"))  # what the transform makes of the market, and the names of its keys


@dataclass(frozen=True)
class PlatformStores:
    """The tables, the history, and the market; without feeds nothing of a market moves, and its table stays."""

    pens: Pens
    tables: Stores
    history: History
    market: LiveMarket | None
    rows: Verifier | None  # of the database; None = the file names none

    @property
    def global_tables(self) -> dict[str, GlobalTableReplicator]:
        """What copies each table."""
        rows = {ROWS[0]: self.tables.copied(*ROWS)} if self.market else {}
        return {**self.tables.replicators, **rows}

    @property
    def replicators(self) -> dict[str, Replicator]:
        """What copies each store."""
        found: dict[str, Replicator] = {**self.tables.replicators, HISTORY: self.history.both}
        if self.market:
            found |= {ROWS[0]: self.global_tables[ROWS[0]], STORE: self.market.both}
        return found

    @property
    def verifiers(self) -> dict[str, Verifier]:
        """What compares each store."""
        market = {ROWS[0]: self.tables.compared(ROWS[0]), STORE: self.market.verifier} if self.market else {}
        rows = {"database": self.rows} if self.rows else {}
        return {**self.tables.verifiers, HISTORY: self.history.verifier, **market, **rows}

    @property
    def surveys(self) -> tuple[Callable[[], Survey], ...]:
        """What looks at each store before anything begins."""
        market = (self.market.survey,) if self.market else ()
        return (*(copy.survey for copy in self.global_tables.values()), *market, self.history.survey)

    @property
    def watched(self) -> dict[str, Heart]:
        """Whose lag is judged by itself while readers move."""
        market = {STORE: self.market.both.there, ROWS[0]: self.global_tables[ROWS[0]]} if self.market else {}
        return {HISTORY: self.history.there, **market}

    @property
    def hearts(self) -> tuple[tuple[Callable[[], None], float], ...]:
        """What writes heartbeats, and how many seconds apart at least; none waits for another."""
        history = tuple((heart.beat, SELDOM) for heart in self.history.hearts)
        if self.market is None:
            return ((self.tables.hearts.beat, 0.0), *history)
        tables, both = Together(self.global_tables), self.market.both
        return ((tables.beat, 0.0), *history, (Late(both.there).beat, SELDOM), (Late(both.back).beat, SELDOM))

    @property
    def movers(self) -> Movers:
        """What pens are moved with; its domains are those that move."""
        tables, market = self.tables, self.market
        if market is None:
            return Movers(self.pens, tables.copies, tables.marks)
        copies, marks = {**tables.copies, Domain.MARKET: market.copies}, {**tables.marks, Domain.MARKET: market.marks}
        return Movers(self.pens, copies, marks, market.moved_with)
