"""The engines of a rehearsal: processes of their own, so that killing one is killing one."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from landbridge.rehearse import tether

STOP_SECONDS = 10.0


@dataclass
class Engine:
    """One `landbridge migrate` process."""

    number: int
    process: asyncio.subprocess.Process

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal; one that is gone needs none."""
        if self.process.returncode is None:
            self.process.send_signal(which)


@dataclass
class Engines:
    """All of them, started and stopped by their own process ids."""

    folder: Path
    templates: Path
    tell: Callable[[str], None]
    started: list[Engine] = field(default_factory=list)

    async def start(self, verb: str, *of: str, resume: bool = False) -> Engine:
        """One more engine, by a verb that runs one, `of` whatever the verb asks besides; its words go to a log of its own."""
        number = len(self.started) + 1
        words = ["-m", "landbridge.cli", verb, str(self.folder), *of, "--templates", str(self.templates)]
        with (self.folder / "logs" / f"engine-{number}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                tether.__file__,
                str(os.getpid()),
                sys.executable,
                *words,
                *(["--resume"] if resume else []),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        engine = Engine(number, process)
        self.started.append(engine)
        self.tell(f"engine {number} is process {process.pid}{', going on' if resume else ''}")
        return engine

    @property
    def running(self) -> list[Engine]:
        """Those that have not ended."""
        return [engine for engine in self.started if engine.process.returncode is None]

    @property
    def held(self) -> bool:
        """Whether the last one to end said that a person is needed."""
        return not self.running and bool(self.started) and self.started[-1].process.returncode == HELD_CODE

    async def stop(self) -> None:
        """Every engine ends: asked first, killed when it does not listen."""
        for engine in self.running:
            engine.signal(signal.SIGCONT)
            engine.signal(signal.SIGTERM)
        for engine in self.started:
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await engine.process.wait()
            except TimeoutError:
                engine.signal(signal.SIGKILL)
                await engine.process.wait()


HELD_CODE = 3  # docs/exit-codes.md
