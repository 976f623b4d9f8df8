"""How many hostile schedules of a whole migration are simulated in a second? Limit: 10,000 in 10 minutes on two cores.

Judged by CPU time, which other work on the machine does not change. There is no peer: the simulated seconds stand
beside the real ones instead.
"""

import time
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.run import simulate

CORES = 2
SCHEDULES = 100
MINUTES = 10
LIMIT_MILLISECONDS = 1000 * 60 * MINUTES * CORES / 10_000


def commits(seed: int) -> int:
    """The commits of one schedule, so that an empty one would show."""
    return len(simulate(seed).commits)


def main() -> None:
    """Prints the table, and how far the goal is."""
    commits(0)
    began, cpu = time.perf_counter(), time.process_time()
    seen = sum(commits(seed) for seed in range(SCHEDULES))
    alone, cost = time.perf_counter() - began, 1000 * (time.process_time() - cpu) / SCHEDULES
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(commits, range(CORES)))  # the workers are there before the clock starts
        began = time.perf_counter()
        list(pool.map(commits, range(SCHEDULES), chunksize=10))
        together = time.perf_counter() - began
    print(f"{'one process':24}{SCHEDULES / alone:8.1f} schedules/s")
    print(f"{f'{CORES} processes':24}{SCHEDULES / together:8.1f} schedules/s")
    print(f"{'CPU a schedule':24}{cost:8.1f} ms, for {seen / SCHEDULES:.0f} commits")
    reached = "reached" if cost <= LIMIT_MILLISECONDS else "not reached"
    print(f"goal {LIMIT_MILLISECONDS:.0f} ms CPU a schedule (10,000 in {MINUTES} minutes on {CORES} cores): {reached}")


if __name__ == "__main__":
    main()
