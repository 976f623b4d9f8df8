"""Rehearsals as a user runs them: processes of their own, watched from outside."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landbridge.migrate.display.walk import DryRun
from landbridge.rehearse.run_folder import RunFolder

ROOT = Path(__file__).resolve().parents[2]
QUICK_WORLD = ROOT / "config" / "quick.toml"
LIMIT_SECONDS = 280
FEEDS = """
[overrides.market]
records_per_second = 500             # one shard a stream
feeds = ["consolidated", "direct"]
producers = ["arn:aws:iam::000000000000:role/feeds"]
"""
SIGNALS = f'{FEEDS}signals = "signals/{"0" * 64}.zip"\n'  # of an archive that nobody asks for
# A shell that runs the tests in the background makes every child deaf to Ctrl-C; this one hears it again.
HEARING = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def trading_world(folder: Path, besides: str = FEEDS) -> Path:
    """The small world with a market that moves, or with something else besides, as a file of the folder's."""
    world = folder / "world.toml"
    world.write_text(QUICK_WORLD.read_text(encoding="utf-8") + besides, encoding="utf-8")
    return world


def verb(*words: str) -> subprocess.CompletedProcess[str]:
    """A verb of landbridge as a user calls it, to its end."""
    command = [sys.executable, "-m", "landbridge.cli", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS)


@dataclass
class Rehearsal:
    """One `landbridge rehearse` process and its run folder."""

    folder: Path
    process: subprocess.Popen[str]
    words: Path

    @classmethod
    def start(cls, folder: Path, *arguments: str, world: Path = QUICK_WORLD) -> "Rehearsal":
        """Begin one in an empty folder; what it says goes beside it."""
        words = folder.with_suffix(".out")
        verb = [sys.executable, "-m", "landbridge.cli", "rehearse", "--run-dir", str(folder), "--world", str(world)]
        command = [sys.executable, "-c", HEARING, *verb, *arguments]
        with words.open("w") as out:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        return cls(folder, process, words)

    def said(self) -> str:
        """Everything it has printed so far."""
        return self.words.read_text()

    def wait(self) -> int:
        """Its exit code; a rehearsal that hangs, or whose test is interrupted, is stopped."""
        try:
            return self.process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end in {LIMIT_SECONDS} s:\n{self.said()}") from None
        finally:
            if self.process.poll() is None:
                self.process.terminate()

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until it has said something."""
        ends = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < ends:
            if found := re.search(pattern, self.said()):
                return found
            assert self.process.poll() is None, f"ended before it said {pattern}:\n{self.said()}"
            time.sleep(0.05)
        raise AssertionError(f"never said {pattern}:\n{self.said()}")

    def interrupt(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    @property
    def figures(self) -> dict[str, Any]:
        """Its rehearsal.json."""
        read: dict[str, Any] = json.loads((self.folder / "rehearsal.json").read_text())
        return read

    def adopted(self) -> int:
        """How often the engine acted to take over what ran at the source."""
        records = map(json.loads, (self.folder / "journal.jsonl").read_text().splitlines())
        return sum((each["kind"], each["step"]) == ("intent", "adopt_source") for each in records)

    def journey(self) -> list[str]:
        """The phases it went through, each with its time and who worked in it."""
        named = [phase["name"] for phase in self.figures["phases"]]
        assert [each["name"] for each in self.figures["worked"]] == named
        return named

    def planned(self, *, retired: bool = False) -> list[str]:
        """The phases that `landbridge plan` prints for its configuration, those of the source's end as asked."""
        walk = DryRun(RunFolder(self.folder).trading(), (), 0.0)
        plans = (walk.plan, walk.retirement) if retired else (walk.plan,)
        return [phase.name for plan in plans for phase in plan.phases]

    def run(self) -> dict[str, Any]:
        """Its run.json."""
        read: dict[str, Any] = json.loads((self.folder / "run.json").read_text())
        return read


def leftovers(folder: Path) -> list[str]:
    """Processes that still name the run folder, and what is left in it besides reports, comparisons and logs."""
    found = [f"process {pid}: {line}" for pid, line in _command_lines() if str(folder) in line]
    found += [f"folder {path}" for path in folder.iterdir() if path.is_dir() and path.name not in {"logs", "verify"}]
    return found


def _command_lines() -> Iterable[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            whole = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue  # it ended while we looked
        yield int(entry.name), whole.replace(b"\0", b" ").decode(errors="replace")
