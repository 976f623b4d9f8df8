"""Long runs: `./dev simulate --seeds N --from S`. Prints what was broken, which fault hit which step, and how fast it went."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.checker import violations
from tests.simulation.faults import STEPS
from tests.simulation.run import simulate

WORKERS, CHUNK = 2, 25
SHOWN = 3  # broken seeds shown in full


def look(seed: int) -> tuple[int, list[str], list[tuple[str, str]], int]:
    """One schedule: what it broke, what hit it, and how many commits it saw."""
    history = simulate(seed)
    return seed, violations(history), history.hits, len(history.commits)


def table(hits: Counter[tuple[str, str]]) -> Iterable[str]:
    """How often each fault hit each step."""
    columns = ("before", *STEPS)
    yield f"{'':18}" + "".join(f"{step.split('.')[0]:>15}" for step in columns)
    for fault in sorted({fault for fault, _ in hits}):
        yield f"{fault:18}" + "".join(f"{hits[fault, step]:15,}" for step in columns)


def main() -> int:
    """0 when no schedule broke a promise."""
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many schedules")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    wanted = parser.parse_args()
    began, hits, broken, commits = time.perf_counter(), Counter[tuple[str, str]](), list[tuple[int, list[str]]](), 0
    with ProcessPoolExecutor(WORKERS) as pool:
        for seed, found, hit, seen in pool.map(look, range(wanted.first, wanted.first + wanted.seeds), chunksize=CHUNK):
            hits.update(hit)
            commits += seen
            if found:
                broken.append((seed, found))
    took = time.perf_counter() - began
    for seed, found in broken[:SHOWN]:
        print(f"seed {seed}: {'; '.join(found)}\n{simulate(seed).readable()}\nagain: ./dev simulate --seeds 1 --from {seed}\n")
    print("\n".join(table(hits)))
    print(f"{wanted.seeds:,} schedules, {commits:,} commits, {sum(hits.values()):,} faults, {len(broken)} broken, {took:.0f} s")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
