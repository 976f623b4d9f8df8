"""Makes one fault happen: when the journal says its step has come, exactly once."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from landbridge.config.rehearsal import Fault
from landbridge.migrate.journal import Journal
from landbridge.migrate.record import Kind
from landbridge.rehearse.disturb import disturbed
from landbridge.rehearse.engines import Engines
from landbridge.rehearse.world import World

RANDOM = "random"
LATEST_SECONDS = 2.0  # a random moment is this long after the beginning of a step, at most
AGAIN_SECONDS = 1.0
POISON = (
    b"",
    b"not json",
    b"\xff\xfe\x00",
    b"[]",
    b'{"feed": 7}',
    b'{"feed": "direct", "symbol": "", "sequence": -1}',
    b"{" * 5_000,
)


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
    stream: str  # the source's live stream
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
            "kill-engine": self._kill_engine,
            "two-engines": self._two_engines,
            "abort": self._abort,
            "poison": self._poison,
        }
        await asyncio.sleep(self._delay)
        await kinds.get(self.fault.kind, self._disturb)()

    async def _disturb(self) -> None:
        """So many times, with as long a pause in between."""
        for _ in range(self.fault.times):
            with disturbed(self.fault, self.world) as what:
                self.tell(f"{what} from now on")
                await asyncio.sleep(self.fault.seconds)
            self.tell("that is mended")
            await asyncio.sleep(self.fault.seconds * (self.fault.times > 1))

    async def _poison(self) -> None:
        """Records nobody can read, among those of the source's live stream."""
        records = [{"Data": data, "PartitionKey": f"poison-{number}"} for number, data in enumerate(POISON)]
        kinesis = self.world.clients.client("kinesis", self.world.pair.source)
        await asyncio.to_thread(kinesis.put_records, StreamName=self.stream, Records=records)
        self.tell(f"{len(records)} records nobody can read are in {self.stream}")

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
