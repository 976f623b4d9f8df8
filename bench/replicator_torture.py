"""How long does a stream of ten million records take under everything that goes wrong, and does it arrive whole? Limit: whole.

There is no peer: what others do under one such fault is planted in tests/contract/replicator/test_planted.py and found.
"""

import sys
import time

from tests.contract.replicator.test_torture import torture

RECORDS = 10_000_000


def main(records: int = RECORDS, seed: int = 9) -> int:
    """Prints what happened on the way; 1 when anything was lost, overtaken, or acknowledged and not stored."""
    began, cpu = time.perf_counter(), time.process_time()
    try:
        counts, doubled = torture(records, seed)
    except AssertionError as broken:
        print(f"BROKEN: {str(broken)[:500]}")
        return 1
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    for what in ("calls", "killed", "requests", "packs", "again", "maybe_twice", "given_back", "set_aside"):
        print(f"{what:14}{counts[what]:12,}")
    print(f"{'came twice':14}{doubled:12,}")
    cost = spent / records * 1e6
    print(f"{records:,} records arrived whole in {took:.0f} s, {cost:.1f} us of CPU each, service and checker included")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
