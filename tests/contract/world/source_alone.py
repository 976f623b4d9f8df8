"""The platform as it is before landbridge comes, kept up: the source alone, loaded, named and warm."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landbridge.config.load import load, read
from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.rehearse.books import Books
from landbridge.rehearse.command_book import CommandBook
from landbridge.rehearse.edged import EdgedWorld
from landbridge.rehearse.history_book import HistoryBook
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.rehearsal import Rehearse
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.settled import Settled

ROOT = Path(__file__).resolve().parents[3]
CONFIG, WORLD = ROOT / "config/trading.toml", ROOT / "config/rehearsal.toml"


@dataclass
class SourceAlone:
    """A world whose users are ours to send."""

    folder: Path
    rehearsal: Rehearsal
    world: EdgedWorld
    migration: Migration
    books: Books
    made: Rehearse

    @asynccontextmanager
    async def trading(self) -> AsyncIterator[None]:
        """Users and feeds, as long as the block lasts; once, for they number what they send."""
        over = asyncio.Event()
        trading = asyncio.create_task(self.made._trade(self.world, self.books, over))
        try:
            yield
        finally:
            over.set()
            await trading

    async def trade(self, seconds: float) -> None:
        """Users and feeds, for so long."""
        async with self.trading():
            await asyncio.sleep(seconds)

    async def settled(self) -> tuple[Settled, ...]:
        """What became of what they sent, once readers of streams and the worker had their time."""
        return await self.made._settled(self.migration, self.books)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What was sent and answered."""
        for line in (self.folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)

    def seconds(self) -> dict[str, list[float]]:
        """How long answers took, by kind of request, sorted."""
        kinds, took = dict[int, str](), defaultdict[str, list[float]](list)
        for line in self.lines():
            if line["what"] == "asked":
                kinds[line["number"]] = f"{line['method']} {line['resource']}"
            elif line["what"] == "answered":
                took[kinds[line["number"]]].append(line["seconds"])
        return {kind: sorted(found) for kind, found in sorted(took.items())}


@asynccontextmanager
async def source_alone(folder: Path, file: Path = WORLD) -> AsyncIterator[SourceAlone]:
    """In an empty folder; at the default rate or another world's, with users who give commands among the others."""
    trading = load(CONFIG, Trading, read(file).get("overrides", {}), file)
    rehearsal = load(file, Rehearsal, {}, file)
    made = Rehearse(trading, rehearsal, (), folder, ROOT / "templates", "a test", print)
    with (
        closing(Book(folder / "market.jsonl", time.time)) as market,
        Ledger(folder / "ledger.jsonl", made.clock, rehearsal.traffic.slow_seconds) as ledger,
    ):
        async with EdgedWorld(trading.platform, rehearsal, folder) as world:
            RunFolder(folder).keep(trading)
            migration = made._migration(world.clients)
            history = HistoryBook.of(rehearsal.traffic.history_versions, rehearsal.seed)
            books = Books(ledger, CommandBook(ledger), history, market, world.late_trades)
            await made._build(migration, books)
            yield SourceAlone(folder, rehearsal, world, migration, books, made)
