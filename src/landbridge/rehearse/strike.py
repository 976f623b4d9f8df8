"""Makes one fault happen: when the journal says its step has come, exactly once."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from landbridge.config.spec import Fault
from landbridge.migrate.journal import Journal
from landbridge.migrate.record import Kind
from landbridge.model.region import Region
from landbridge.rehearse.emulator.conditions import Conditions
from landbridge.rehearse.engines import Engines
from landbridge.rehearse.world import World

RANDOM = "random"
LATEST_SECONDS = 2.0  # a random moment is this long after the beginning of a step, at most
AGAIN_SECONDS = 1.0


@dataclass
class Striker:
    """Watches the journal over somebody's shoulder and strikes once."""

    fault: Fault
    world: World
    engines: Engines
    journal: Journal  # read by the caller, in a thread of its own
    operator: Journal  # a view of its own to write by: a journal is one thread's
    tell: Callable[[str], None]
    chance: random.Random
    steps: tuple[str, ...]
    struck: bool = False
    _step: str = field(init=False)
    _delay: float = field(init=False)
    _running: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        is_random = self.fault.at_step == RANDOM
        self._step = self.chance.choice(self.steps) if is_random else self.fault.at_step
        self._delay = self.chance.uniform(0, LATEST_SECONDS) if is_random else 0.0

    def look(self) -> None:
        """Strike if the moment has come; the journal was just read by the caller."""
        if self.struck or not self._is_time():
            return
        self.struck = True
        self.tell(f"injecting {self.fault.kind} at {self._step}")
        self._running.append(asyncio.ensure_future(self._strike()))

    async def over(self) -> None:
        """Wait until what was struck is mended again."""
        await asyncio.gather(*self._running)

    def _is_time(self) -> bool:
        return any(record.kind is Kind.ENTERED and record.step == self._step for record in self.journal.records)

    async def _strike(self) -> None:
        kinds: dict[str, Callable[[], Awaitable[None]]] = {
            "errors": self._errors,
            "kill-engine": self._kill_engine,
            "table-lag": self._table_lag,
            "region-out": self._region_out,
            "two-engines": self._two_engines,
            "abort": self._abort,
        }
        await asyncio.sleep(self._delay)
        await kinds[self.fault.kind]()

    @property
    def _region(self) -> Region:
        return self.world.pair.source if self.fault.side == "source" else self.world.pair.target

    async def _errors(self) -> None:
        await self._door(lambda conditions: replace(conditions, errors=self.fault.share), "answers errors")

    async def _door(self, change: Callable[[Conditions], Conditions], what: str) -> None:
        door, region = self.world.doors[self._region], self._region
        before = door.conditions
        door.set(change(before))
        self.tell(f"{region} {what} from now on")
        await asyncio.sleep(self.fault.seconds)
        door.set(before)
        self.tell(f"{region} is as before")

    async def _region_out(self) -> None:
        self.world.region_out(self._region)
        self.tell(f"{self._region} is out")
        await asyncio.sleep(self.fault.seconds)
        self.world.region_back(self._region)
        self.tell(f"{self._region} is back")

    async def _table_lag(self) -> None:
        before = self.world.tables.knobs.lag
        self.world.tables.knobs.lag = self.fault.seconds
        self.tell(f"copies are {self.fault.seconds:g} s behind from now on")
        await asyncio.sleep(self.fault.seconds)
        self.world.tables.knobs.lag = before
        self.tell("copies keep up again")

    async def _kill_engine(self) -> None:
        for engine in self.engines.running:
            engine.signal(signal.SIGKILL)
            self.tell(f"engine {engine.number} was killed at record {len(self.journal.records)}")
        await asyncio.sleep(AGAIN_SECONDS)
        await self.engines.start("migrate", resume=True)

    async def _two_engines(self) -> None:
        first = self.engines.running[-1]
        first.signal(signal.SIGSTOP)
        self.tell(f"engine {first.number} stands still")
        await self.engines.start("migrate", resume=True)
        await asyncio.sleep(self.fault.seconds)
        first.signal(signal.SIGCONT)
        self.tell(f"engine {first.number} wakes up")

    async def _abort(self) -> None:
        await asyncio.to_thread(self.operator.ask, "abort", "the rehearsal asked for it")
