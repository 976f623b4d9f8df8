"""The signals' peers, in an environment of their own: Flink's local cluster over a file, numpy over arrays."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.workloads.trading.flink.application import environments, put_together
from landbridge.workloads.trading.flink.properties import FORMAT
from landbridge.workloads.trading.signals.definitions import definitions


def bars_at_once(ticks: Path) -> float:
    """Ticks a second of CPU of one bar's sums by numpy: all ticks at once, no stream, no late data, no means."""
    rows = [json.loads(line) for line in ticks.read_text(encoding="utf-8").splitlines() if '"value"' in line]
    symbols = np.array([row["symbol"] for row in rows])
    values: Any = np.array([[float(part) for part in row["value"].split(" ")] for row in rows])
    began = time.process_time()
    _, symbol = np.unique(symbols, return_inverse=True)
    price, volume, at = np.rint(values[:, 0] * 1e6).astype(np.int64), values[:, 1].astype(np.int64), values[:, 2].astype(np.int64)
    keys = symbol.astype(np.int64) << 48 | at // definitions().bar_ms
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    np.add.reduceat((price * volume)[order], starts) // np.add.reduceat(volume[order], starts)
    return len(rows) / (time.process_time() - began)


def compute(ticks: Path, answers: Path, mirror: Path | None = None) -> int:
    """The application's query over a file of records, and one of a mirror's; how many rows it gave."""
    tables, _ = environments(None)
    tables.get_config().set("parallelism.default", "1")
    tables.get_config().set("pipeline.auto-watermark-interval", "0 ms")  # a watermark after each trade, as in our engine
    files = {"live": ticks} if mirror is None else {"live": ticks, "mirror": mirror}
    sources = {name: {"connector": "filesystem", "path": str(path), **FORMAT} for name, path in files.items()}
    with put_together(tables, definitions(), sources).execute().collect() as rows:
        found = sorted(tuple(row) for row in rows)
    answers.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    return len(found)


def main(ticks: Path, answers: Path, mirror: Path | None = None) -> None:
    """Rows of signals to a file, figures to standard output; with a mirror the rows alone."""
    if mirror is not None:
        compute(ticks, answers, mirror)
        return
    rate = bars_at_once(ticks)
    compute(ticks, answers)  # the first job starts Flink and warms it up
    began = time.perf_counter()
    rows = compute(ticks, answers)
    print(json.dumps({"rows": rows, "seconds": time.perf_counter() - began, "numpy": rate}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
