"""Long runs: `./dev simulate --seeds N --from S`. Prints what was broken, which fault hit which step, and how fast it went."""

import argparse
import sys
import time
from collections.abc import Iterable

from tests.simulation.faults import FAULTS
from tests.simulation.hand.plans import STEPS
from tests.simulation.looked import Hits, look
from tests.simulation.many import workers
from tests.simulation.planted import ENOUGH, PLANTED, first_found
from tests.simulation.run import simulate

CHUNK = 25
SHOWN = 3  # broken seeds shown in full


def table(hits: Hits) -> Iterable[str]:
    """How often each fault hit each step; the last row is every other moment."""
    columns = [max(6, *map(len, fault.split())) for fault in FAULTS]
    for word in (0, 1):
        words = [fault.split()[word] if len(fault.split()) > word else "" for fault in FAULTS]
        yield " " * 24 + "".join(f"{each:>{width + 1}}" for each, width in zip(words, columns, strict=True))
    elsewhere = {fault: sum(hits[fault, step] for each, step in hits if each == fault and step not in STEPS) for fault in FAULTS}
    for step in STEPS:
        yield f"{step:24}" + "".join(f"{hits[fault, step]:{width + 1},}" for fault, width in zip(FAULTS, columns, strict=True))
    yield f"{'elsewhere':24}" + "".join(f"{elsewhere[fault]:{width + 1},}" for fault, width in zip(FAULTS, columns, strict=True))


def search() -> int:
    """Each planted bug, the first seed that shows it, and what showed."""
    with workers() as pool:
        found = dict(zip(PLANTED, pool.map(first_found, PLANTED), strict=True))
    print("| planted bug | first seed | what the checker said |\n|---|---|---|")
    for name, one in found.items():
        print(f"| {name} | {one.seed} | {one.sentence} |" if one else f"| {name} | none in {ENOUGH:,} | |")
    return int(not all(found.values()))


def run(first: int, seeds: int) -> int:
    """0 when no schedule broke a promise."""
    began, hits, broken, commits, ticks = time.perf_counter(), Hits(), list[tuple[int, list[str]]](), 0, 0
    with workers() as pool:
        for seed, found, hit, committed, ticked in pool.map(look, range(first, first + seeds), chunksize=CHUNK):
            hits.update(hit)
            commits, ticks = commits + committed, ticks + ticked
            if found:
                broken.append((seed, found))
    took = time.perf_counter() - began
    for seed, found in broken[:SHOWN]:
        print(f"seed {seed}: {'; '.join(found)}\n{simulate(seed).readable()}\nagain: ./dev simulate --seeds 1 --from {seed}\n")
    print("\n".join(table(hits)))
    print(
        f"{seeds:,} schedules, {commits:,} commits, {ticks:,} ticks, {hits.total():,} faults, {len(broken)} broken: seeds",
        end=" ",
    )
    print(f"{', '.join(str(seed) for seed, _ in broken) or 'none'}; {took:.0f} s, {seeds / took:.1f} schedules a second")
    return int(bool(broken))


def main() -> int:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many schedules")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    parser.add_argument(
        "--planted", action="store_true", help="search each planted bug instead, and print the first seed that shows it"
    )
    wanted = parser.parse_args()
    return search() if wanted.planted else run(wanted.first, wanted.seeds)


if __name__ == "__main__":
    sys.exit(main())
