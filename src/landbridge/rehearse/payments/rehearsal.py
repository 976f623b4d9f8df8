"""`landbridge rehearse payments`: the whole of it on one machine, from the loaded source to the verdict and the empty stage."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landbridge.config.expansion import Expansion
from landbridge.config.spec import Rehearsal
from landbridge.rehearse.facts import Facts, Traded
from landbridge.rehearse.judge import Expectation, Verdict, judge
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.live import View
from landbridge.rehearse.payments.left_out import left_out
from landbridge.rehearse.payments.show import SHARE, Show
from landbridge.rehearse.payments.stage import Stage
from landbridge.rehearse.payments.watch import Watch
from landbridge.rehearse.report import write_report
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.timeline import Timeline
from landbridge.rehearse.world import World

DONE = "The platform grew into {target}, which went out and came back, and no payment was lost or made twice."
PROMISE = (
    "Processes are killed and a region is lost, and each request succeeds in the end; who is blocked in a region is turned away "
    "there and nowhere else."
)
WHY = "every act was done"


@dataclass
class RehearsePayments:
    """One rehearsal; `run` may be called once."""

    expansion: Expansion
    rehearsal: Rehearsal
    folder: Path
    templates: Path
    command: str
    tell: Callable[[str], None]
    began: float = field(default_factory=time.time)
    setup: dict[str, float] = field(default_factory=dict)

    def clock(self) -> float:
        """Seconds since the run began."""
        return time.time() - self.began

    async def run(self, view: View, hold: Callable[[World], Any] | None = None) -> Verdict:
        """Build the source, load it, grow, judge, take it down; when held, all of it stays up instead until the hold is over."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with Ledger(self.folder / "ledger.jsonl", self.clock, self.rehearsal.traffic.slow_seconds) as ledger:
            async with World(self.expansion.platform, self.rehearsal, self.folder) as world:
                self._took("world", 0.0)
                RunFolder(self.folder).keep_expansion(self.expansion)
                show = self._show(world, ledger)
                async with show.sides_up():
                    await show.build()
                    with view:
                        await show.under_traffic(view)
                    settled = await show.settled()
                    if not hold:
                        settled = (*settled, await show.take_down())
                    verdict = self._verdict(show, settled)
                    if hold:
                        await hold(world)
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

    def _show(self, world: World, ledger: Ledger) -> Show:
        stage = Stage(world.clients, self.expansion, self.templates, self.tell)
        watch = Watch(world, stage, Timeline(self.clock), ledger, self.clock)
        return Show(world, stage, self.rehearsal, ledger, watch, self.clock, self.part)

    def _verdict(self, show: Show, settled: tuple[Settled, ...]) -> Verdict:
        facts = self._facts(show, settled)
        verdict = judge(facts, Expectation("done", is_planned=False, share=SHARE))
        write_report(self.folder, facts, verdict)
        return verdict

    def _facts(self, show: Show, settled: tuple[Settled, ...]) -> Facts:
        traffic, tally, timeline = self.rehearsal.traffic, show.ledger.tally, show.watch.timeline
        timeline.ended("done")
        regions = show.stage.regions
        return Facts(
            seed=self.rehearsal.seed,
            command=self.command,
            began=datetime.fromtimestamp(self.began, UTC).strftime("%Y-%m-%d %H:%M UTC"),
            regions=regions,
            fault=None,
            outcome="done",
            why=WHY,
            wall_s=round(self.clock(), 1),
            setup=self.setup,
            traded=Traded(traffic.traders, traffic.rate, tally.requests(), tally.seconds(), tally.writes(), "customers"),
            settled=settled,
            history=timeline.history(),
            left_out=left_out(self.rehearsal, show.sides.values()),
            done=DONE.format(target=regions.target),
            promise=PROMISE,
        )
