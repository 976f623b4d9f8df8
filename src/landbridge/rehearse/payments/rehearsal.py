"""`landbridge rehearse payments`: the whole of it on one machine, from the loaded source to the verdict and the empty stage."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.config.expansion import Expansion
from landbridge.config.rehearsal import Rehearsal
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.region import Region
from landbridge.rehearse.engines import Engines
from landbridge.rehearse.facts import Facts, Traded, journal_lines
from landbridge.rehearse.judge import Expectation, Verdict, judge
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.live import View
from landbridge.rehearse.payments.left_out import left_out
from landbridge.rehearse.payments.show import Show
from landbridge.rehearse.payments.side import Side
from landbridge.rehearse.payments.sides import sides_up
from landbridge.rehearse.payments.stage import Stage
from landbridge.rehearse.payments.watch import Watch
from landbridge.rehearse.report import write_report
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.timeline import Timeline
from landbridge.rehearse.world import IMPATIENT, World

DONE = "The platform grew into {target}, {out} went out and came back, and no payment was lost or made twice."
PROMISE = (
    "Processes are killed and a region is lost, and each request succeeds in the end; who is blocked in a region is turned away "
    "there and nowhere else."
)


@dataclass
class RehearsePayments:
    """One rehearsal; `run` may be called once."""

    expansion: Expansion
    rehearsal: Rehearsal
    folder: Path
    templates: Path
    command: str
    tell: Callable[[str], None]
    out: Region  # which region is taken out, is lost, and comes back
    began: float = field(default_factory=time.time)
    setup: dict[str, float] = field(default_factory=dict)
    watch: Watch = field(init=False)

    def clock(self) -> float:
        """Seconds since the run began."""
        return time.time() - self.began

    async def run(self, view: View, hold: Callable[[World, Verdict], Any] | None = None) -> Verdict:
        """Build the source, load it, grow, judge, take it down; when held, all of it stays up instead until the hold is over."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with Ledger(self.folder / "ledger.jsonl", self.clock, self.rehearsal.traffic.slow_seconds) as ledger:
            async with World(self.expansion.platform, self.rehearsal, self.folder) as world:
                self._took("world", 0.0)
                RunFolder(self.folder).keep_expansion(self.expansion)
                async with sides_up(world, self._migration(world.clients)) as sides:
                    show = self._show(world, ledger, sides)
                    await show.build()
                    came_to = await show.under_traffic(view)
                    settled = await show.settled()
                    if not hold:
                        settled = (*settled, await show.take_down())
                    verdict = self._verdict(show, came_to, settled)
                    if hold:
                        await hold(world, verdict)
        return verdict

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What is inside is timed, and told."""
        began = self.clock()
        yield
        self._took(name, began)

    def _took(self, name: str, began: float) -> None:
        self.setup[name] = round(self.clock() - began, 1)
        self.tell(f"{name}: {self.setup[name]} s")

    def _show(self, world: World, ledger: Ledger, sides: Mapping[Region, Side]) -> Show:
        timeline = Timeline(self.clock)

        def following(out: Region | None) -> Watch:
            bystander = self._migration(Clients(world.clients.endpoints, timeouts=IMPATIENT), out)
            if out is None:
                journal = bystander.journal("bystander")
                self.watch = Watch(journal, bystander.plan(), timeline, ledger, self.clock, self.began, migration=bystander)
            else:  # the journal goes on: what is read already belongs to another plan
                self.watch = replace(self.watch, plan=bystander.plan(), migration=bystander)
            return self.watch

        stage = Stage(self._migration(world.clients), self.tell)
        engines = Engines(self.folder, self.templates, self.tell)
        return Show(world, stage, self.rehearsal, ledger, engines, following, self.clock, self.part, sides, self.out)

    def _migration(self, clients: Clients, out: Region | None = None) -> PaymentsMigration:
        folder = RunFolder(self.folder)
        how = {"out": out, "kept": folder.comparisons, "front": folder.front}
        return PaymentsMigration(clients, self.expansion, self.templates, time.time, time.sleep, **how)  # type: ignore[arg-type]

    def _verdict(self, show: Show, came_to: tuple[str, str], settled: tuple[Settled, ...]) -> Verdict:
        facts = self._facts(show, came_to, settled)
        verdict = judge(facts, Expectation("done", is_planned=False, share=self.expansion.shift.share))
        write_report(self.folder, facts, verdict)
        records = "".join(f"{record.body()}\n" for record in self.watch.journal.records)
        (self.folder / "journal.jsonl").write_text(records, encoding="utf-8")
        return verdict

    def _facts(self, show: Show, came_to: tuple[str, str], settled: tuple[Settled, ...]) -> Facts:
        traffic, tally, regions = self.rehearsal.traffic, show.ledger.tally, show.stage.regions
        return Facts(
            seed=self.rehearsal.seed,
            command=self.command,
            began=datetime.fromtimestamp(self.began, UTC).strftime("%Y-%m-%d %H:%M UTC"),
            regions=regions,
            faults=(),
            outcome=came_to[0],
            why=came_to[1],
            wall_s=round(self.clock(), 1),
            setup=self.setup,
            traded=Traded(traffic.traders, traffic.rate, tally.requests(), tally.seconds(), tally.writes(), "customers"),
            settled=settled,
            history=self.watch.timeline.history(),
            journal=journal_lines(self.watch.journal.records, self.began),
            left_out=left_out(self.rehearsal, show.sides.values()),
            done=DONE.format(target=regions.target, out=self.out),
            promise=PROMISE,
        )
