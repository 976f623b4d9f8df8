"""Every store of a platform together: what copies and compares each, writes its heartbeats, and moves its pen."""

from collections.abc import Callable
from dataclasses import dataclass

from landbridge.migrate.adapters.history import History, Late
from landbridge.migrate.adapters.live_database import SECRET, LiveDatabase
from landbridge.migrate.adapters.live_database import STORE as DATABASE
from landbridge.migrate.adapters.live_market import STORE, LiveMarket
from landbridge.migrate.adapters.stores import Stores
from landbridge.migrate.pens import Copies, Marks, Pens
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
    """The tables and the history, and what the configuration says moves besides: a market with its table, a database."""

    pens: Pens
    tables: Stores
    history: History
    market: LiveMarket | None
    database: LiveDatabase | None
    rows: Verifier | None  # of the database, by the addresses of the file; None = the file names none

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
        if self.database:
            found |= {SECRET: self.database.secret, DATABASE: self.database.copy}
        return found

    @property
    def verifiers(self) -> dict[str, Verifier]:
        """What compares each store."""
        market = {ROWS[0]: self.tables.compared(ROWS[0]), STORE: self.market.verifier} if self.market else {}
        compared = self.rows or (self.database.verifier if self.database else None)
        rows = {DATABASE: compared} if compared else {}
        return {**self.tables.verifiers, HISTORY: self.history.verifier, **market, **rows}

    @property
    def surveys(self) -> tuple[Callable[[], Survey], ...]:
        """What looks at each store before anything begins."""
        besides = (*((self.market.survey,) if self.market else ()), *((self.database.survey,) if self.database else ()))
        return (*(copy.survey for copy in self.global_tables.values()), self.history.survey, *besides)

    @property
    def watched(self) -> dict[str, Heart]:
        """Whose lag is judged by itself while readers move."""
        market = {STORE: self.market.both.there, ROWS[0]: self.global_tables[ROWS[0]]} if self.market else {}
        database = {DATABASE: self.database.copy} if self.database else {}
        return {HISTORY: self.history.there, **market, **database}

    @property
    def hearts(self) -> tuple[tuple[Callable[[], None], float], ...]:
        """What writes heartbeats, and how many seconds apart at least; none waits for another."""
        late = list(self.history.hearts)
        if self.market:
            late += [Late(self.market.both.there), Late(self.market.both.back)]
        if self.database:
            late += [Late(self.database.copy)]
        return ((Together(self.global_tables).beat, 0.0), *((heart.beat, SELDOM) for heart in late))

    @property
    def movers(self) -> Movers:
        """What pens are moved with; its domains are those that move."""
        market, database = self.market, self.database
        copies: dict[Domain, Copies] = {**self.tables.copies}
        marks: dict[Domain, Marks] = {**self.tables.marks}
        if market:
            copies[Domain.MARKET], marks[Domain.MARKET] = market.copies, market.marks
        if database:
            copies[Domain.EFFECTS], marks[Domain.EFFECTS] = database.copies, database.marks
        return Movers(
            database.pens if database else self.pens,
            copies,
            marks,
            market.moved_with if market else None,
            database.writer if database else None,
        )
