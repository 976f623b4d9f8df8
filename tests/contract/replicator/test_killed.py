"""A function that is killed for good, by the operating system, at any moment, loses nothing and turns nothing round."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.contract.replicator.checker import Checker
from tests.contract.replicator.kinesis import Kinesis
from tests.contract.replicator.live import Live, Record
from tests.contract.replicator.mapping import Mapping, mirror_at
from tests.contract.replicator.torture import served

KILLS = 15


@dataclass
class Processes(Mapping):
    """Calls the function in a process, and kills that often enough."""

    url: str = ""
    folder: Path = Path()
    _worker: subprocess.Popen[str] | None = field(default=None)

    def _call(self, records: Sequence[Record]) -> int:
        worker = self._worker = self._worker or self._start()
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps(records) + "\n")
        worker.stdin.flush()
        if self.counts["killed"] < KILLS and self.chance.random() < 0.5:
            time.sleep(self.chance.uniform(0, 0.03))
            worker.kill()
            self.end()
            self.counts["killed"] += 1
            return 0
        self._letters()
        said: dict[str, Any] = json.loads(worker.stdout.readline())
        self._letters()
        numbers = [record["kinesis"]["sequenceNumber"] for record in records]
        return min((numbers.index(each["itemIdentifier"]) for each in said["batchItemFailures"]), default=len(records))

    def end(self) -> None:
        """No process is left."""
        if self._worker is not None:
            with self._worker:
                self._worker.kill()
            self._worker = None

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.contract.replicator.worker", self.url, str(self.folder)]
        worker = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self._environment()
        )
        self._ready(worker)
        return worker

    def _ready(self, worker: subprocess.Popen[str]) -> None:
        """Killed while it still starts, it would prove nothing: one batch without harm first."""
        log = self.live.readable()[0]
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps(self.live.batch(log, 1)) + "\n")
        worker.stdin.flush()
        worker.stdout.readline()

    def _environment(self) -> dict[str, str]:
        root = Path(__file__).parents[3]
        return {"PYTHONPATH": f"{root}:{root / 'src'}", "PATH": ""}

    def _letters(self) -> None:
        for path in self.folder.glob("replicator-*"):
            self.checker.kept(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_nothing(tmp_path: Path) -> None:
    """Fifteen times in thirty thousand records."""
    chance = random.Random(5)
    live = Live(30_000, chance)
    checker = Checker(live)
    kinesis = Kinesis(checker.stored, 5)
    with served(kinesis) as url:
        processes = Processes(live, checker, mirror_at(url), chance, url=url, folder=tmp_path)
        try:
            processes.run()
        finally:
            processes.end()
    kinesis.settle()
    assert checker.ended() == []
    assert processes.counts["killed"] == KILLS
