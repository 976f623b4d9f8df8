"""How long can nobody write while the database's writer moves? 200 rows a second are written meanwhile, and none may be lost.

The knob says 0 s, so what is measured is our own. The peer beside it is the least any switchover of PostgreSQL costs: one
server stopped in order and started again.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from tests.contract.database.load import Load
from tests.contract.database.place import Place, ask, eventually

TIMES = 10


def main() -> None:
    """Prints the pauses, those of the peer, and what was lost."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=TIMES)
    times: int = arguments.parse_args().times
    with tempfile.TemporaryDirectory() as folder, Place(Path(folder) / "databases") as place:
        place.create()
        place.join()
        place.home()
        peer = [_restarted(place) for _ in range(times)]
        pauses, lost = _switched(place, times)
        over, missing = _failed_over(place)
    print(f"peer, stop and start:  median {statistics.median(peer):.2f} s, longest {max(peer):.2f} s")
    median, least = statistics.median(pauses), statistics.median(peer)
    print(f"switchover, {times} times:  median {median:.2f} s, longest {max(pauses):.2f} s, {median / least:.1f} x the peer")
    print(f"failover, lag 1 s:     {over:.2f} s without a writer, rows of {missing:.2f} s lost")
    print(f"rows lost by switchovers: {lost}")
    if lost:
        raise SystemExit(1)


def _restarted(place: Place) -> float:
    server = place.source.server
    began = time.monotonic()
    place.run(server.stop())
    place.run(server.start())
    return time.monotonic() - began


def _switched(place: Place, times: int) -> tuple[list[float], int]:
    pauses, lost = [], 0
    for number in range(times):
        with Load(place.writer) as load:
            load.goes_on()
            place.switch(place.source if number % 2 else place.target)
            place.quiet()
            load.goes_on()
        pauses.append(load.pauses()[0])
        lost += len(load.lost(place.writer))
    return pauses, lost


def _failed_over(place: Place) -> tuple[float, float]:
    place.home()
    place.target.line.lag = 1.0
    with Load(place.writer) as load:
        time.sleep(3)
        place.fail_over(place.target)
        place.quiet()
        load.goes_on()
    eventually(lambda: ask(place.writer, "SELECT true"))
    return load.pauses()[0], load.lost_seconds(place.writer)


if __name__ == "__main__":
    main()
