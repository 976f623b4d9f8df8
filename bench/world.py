"""What does a world with everything running cost, process by process? Limits: a good verdict, and 130 % of a processor
for the world; what two cores have besides is the engine's, which is told apart.

A whole rehearsal runs beside it as it ships, and every process of it is read from /proc once a second. A share is of one
processor, from the first request to the last. With several rates each is rehearsed, and the highest that keeps both
limits is named: that is the one to set in config/rehearsal.toml. The last second of a process that ends is not seen.
There is no peer: nobody else has a rehearsal. Run it on a quiet machine.
Arguments: rates (default: the configuration's own); `--world` names another world file, `--ticks` the trades a second.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PERCENT, LOOK_SECONDS = 130, 1.0
ENGINE = "the engine"
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
REGION = re.compile(r"MINISTACK_REGION=([a-z0-9-]+)")


@dataclass
class Use:
    """Of one kind of process: processor seconds, and the most memory all of them had at once."""

    cpu: float = 0.0
    memory: int = 0
    processes: set[int] = field(default_factory=set)


@dataclass
class Sampler:
    """Every process below one, by name."""

    root: int
    uses: dict[str, Use] = field(default_factory=lambda: defaultdict(Use))
    busiest: float = 0.0  # seconds of processor in the busiest second
    _last: dict[int, float] = field(default_factory=dict)

    def look(self, *, counts: bool) -> None:
        """Adds what was used since the look before; what does not count is only remembered."""
        memory: dict[str, int] = defaultdict(int)
        used = 0.0
        for pid, name in tree(self.root):
            try:
                cpu, size = spent(pid)
            except OSError:
                continue  # it ended meanwhile
            since, self._last[pid] = cpu - self._last.get(pid, 0.0), cpu
            if counts:
                used += since
                memory[name] += size
                self.uses[name].cpu += since
                self.uses[name].processes.add(pid)
        for name, size in memory.items():
            self.uses[name].memory = max(self.uses[name].memory, size)
        self.busiest = max(self.busiest, used)


def tree(root: int) -> Iterator[tuple[int, str]]:
    """Every process below one, with what it is called here."""
    below: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                below[int(stat(int(entry.name))[1])].append(int(entry.name))
            except OSError:
                continue
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        waiting += below[pid]
        try:
            yield pid, named(pid, root)
        except OSError:
            continue


def named(pid: int, root: int) -> str:
    """By its command, and by its region where it has one."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if pid == root:
        return "the rehearsal: doors, fabric, edge, feeds, users"
    if "postgres" in words:
        return "PostgreSQL"
    if "landbridge.cli" in words and "tether" not in words:
        return ENGINE
    found = REGION.search(Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace"))
    region = found[1] if found else ""
    if "-m ministack" in words and "launch.py" not in words:
        return f"emulator of {region}"
    return f"functions of {region}" if region and "launch.py" not in words else "launchers"


def stat(pid: int) -> list[str]:
    """The fields behind the name."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()


def spent(pid: int) -> tuple[float, int]:
    """Processor seconds so far, and the memory that is its own now, in bytes."""
    fields = stat(pid)
    resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1:3])
    return (int(fields[11]) + int(fields[12])) / TICKS, (resident - shared) * PAGE


def rehearsed(rate: float | None, options: list[str], folder: Path) -> tuple[dict[str, object], Sampler, float]:
    """One rehearsal to its verdict; what was used while there were users, and for how long that was."""
    asked = [] if rate is None else ["--rate", f"{rate:g}"]
    command = [sys.executable, "-m", "landbridge.cli", "rehearse", "--run-dir", str(folder), *asked, *options]
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        sampler, ledger, began, seconds = Sampler(child.pid), folder / "ledger.jsonl", 0.0, 0.0
        while child.poll() is None:
            served = ledger.exists() and ledger.stat().st_size > 0 and not (folder / "rehearsal.json").exists()
            sampler.look(counts=served)
            if served:
                began = began or time.monotonic()
                seconds = time.monotonic() - began
            time.sleep(LOOK_SECONDS)
    figures = folder / "rehearsal.json"
    told: dict[str, object] = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    return told, sampler, seconds


def shown(rate: float | None, told: dict[str, object], sampler: Sampler, seconds: float) -> bool:
    """The table of one rate; whether both limits are kept."""
    verdict = told.get("verdict")
    good = isinstance(verdict, dict) and bool(verdict.get("ok"))
    at = "the configured rate" if rate is None else f"{rate:g} requests a second"
    print(f"\n{at}, {seconds:.0f} s with users: {'as it should be' if good else 'NOT as it should be'}")
    total = 0.0
    for name, use in sorted(sampler.uses.items(), key=lambda pair: -pair[1].cpu):
        share = 100 * use.cpu / seconds if seconds else 0.0
        total += share if name != ENGINE else 0.0
        print(f"  {name:52} {share:6.1f} % {use.memory / 2**20:7.0f} MB  {len(use.processes):3} processes")
    kept = good and total <= PERCENT
    busiest = 100 * sampler.busiest / LOOK_SECONDS
    memory = sum(use.memory for use in sampler.uses.values()) / 2**20
    print(f"  {'all of it but the engine':52} {total:6.1f} % {memory:7.0f} MB  busiest second {busiest:.0f} %; limit {PERCENT} %")
    return kept


def main() -> int:
    """Prints a table a rate; 1 when none keeps the limits."""
    asked = argparse.ArgumentParser()
    asked.add_argument("rates", nargs="*", type=float)
    asked.add_argument("--world", type=Path)
    asked.add_argument("--ticks", type=float)
    told = asked.parse_args()
    options = [] if told.world is None else ["--world", str(told.world)]
    options += [] if told.ticks is None else ["--ticks", f"{told.ticks:g}"]
    with tempfile.TemporaryDirectory(prefix="landbridge-bench-") as folder:
        runs = [Path(folder) / f"run-{number}" for number in range(max(1, len(told.rates)))]
        if not told.rates:
            return int(not shown(None, *rehearsed(None, options, runs[0])))
        kept = [rate for rate, run in zip(told.rates, runs, strict=True) if shown(rate, *rehearsed(rate, options, run))]
    print(f"\nsustainable: {max(kept):g} requests a second" if kept else "\nsustainable: none of these")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
