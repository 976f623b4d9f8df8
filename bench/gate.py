"""How surely, how early and how seldom wrongly does the gate stop a shift? Limits: 198 of 200 at 5 % of reads; 1 of 1,000.

Every shift is a production one (bake times, probes and ticks of config/trading.toml), by the product's own engine, steps
and gate. There is no peer: what stands beside it is the issue's own limit.
"""

import statistics
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor

from tests.builders import trading
from tests.simulation.gate_shift import Shifted, shift
from tests.simulation.regressions import Regression, regression

CORES = 2
REGRESSIONS, CLEAN = 200, 1000
CONFIG = trading()
Row = tuple[Regression, Shifted]


def regressed(seed: int) -> Row:
    """One shift into a target that goes wrong."""
    drawn = regression(seed)
    return drawn, shift(seed, drawn, CONFIG)


def clean(seed: int) -> Shifted:
    """One shift into a target that is well."""
    return shift(seed, None, CONFIG)


def by_kind_and_size(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """Each kind in the halves of its sizes; kinds without a size in one piece."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[str(row[0].kind)].append(row)
    found = {}
    for kind, of_kind in sorted(kinds.items()):
        ordered = sorted(of_kind, key=lambda row: row[0].size)
        halves = (
            (ordered,)
            if ordered[0][0].size == ordered[-1][0].size
            else (ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :])
        )
        for half in filter(None, halves):
            found[kind, f"{half[0][0].size:.3g} to {half[-1][0].size:.3g}"] = half
    return found


def show(rows: list[Row]) -> None:
    """A line for each kind and half of its sizes: stopped in time, the rest, seconds from its beginning to the way back."""
    print(f"{'regression':22}{'size':>18}{'shifts':>8}{'stopped':>9}{'held':>6}{'passed 5 %':>12}{'median s':>10}{'worst s':>9}")
    for (kind, sizes), of in by_kind_and_size(rows).items():
        stopped = [shifted.noticed_after for _, shifted in of if shifted.stopped]
        held = sum(shifted.outcome == "held" and shifted.highest <= 5 for _, shifted in of)
        past = sum(shifted.highest > 5 for _, shifted in of)
        middle, worst = (statistics.median(stopped), max(stopped)) if stopped else (0, 0)
        print(f"{kind:22}{sizes:>18}{len(of):8}{len(stopped):9}{held:6}{past:12}{middle:10.0f}{worst:9.0f}")


def main(regressions: int = REGRESSIONS, cleans: int = CLEAN, first: int = 0) -> int:
    """Prints the tables; 1 when a limit was broken."""
    began = time.perf_counter()
    with ProcessPoolExecutor(CORES) as pool:
        rows = list(pool.map(regressed, range(first, first + regressions), chunksize=5))
        shifts = list(pool.map(clean, range(first, first + cleans), chunksize=5))
    show(rows)
    missed = sum(not shifted.stopped for _, shifted in rows)
    outcomes = {outcome: sum(each.outcome == outcome for each in shifts) for outcome in ("done", "held", "rolled back")}
    wrongly = outcomes["rolled back"]
    hours = sorted(each.hours for each in shifts)
    baked = len(CONFIG.shift.weights) * CONFIG.shift.bake_seconds / 3600
    print(
        f"\n{len(shifts)} clean shifts: {outcomes['done']} done, {outcomes['held']} held, {outcomes['rolled back']} rolled back"
    )
    middle, slowest = statistics.median(hours), hours[len(hours) * 99 // 100]
    print(f"{baked:.2f} h of bake times took {middle:.2f} h, 99 of 100 at most {slowest:.2f} h")
    kept = missed <= regressions / 100 and wrongly <= max(1, cleans // 1000)
    print(f"{regressions - missed} of {regressions} stopped at 5 % of reads or less, {wrongly} false aborts")
    print(f"{time.perf_counter() - began:.0f} s on {CORES} cores")
    print(f"limits: {'kept' if kept else 'BROKEN'}")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
