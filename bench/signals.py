"""How many ticks a second do the signals take on one core, and does Flink say the same? Limit: 1,000,000, and every byte.

The peers are a plain loop of one exponential mean, which keeps no windows, numpy over everything at once, and the Flink
application's own query on Flink's local cluster. Flink and numpy live in an environment of their own under .cache, made here
from the package registry; where it can't be made, a sentence says so.
"""

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from landbridge.deploy.signals_code import LIBRARY, Connector, signals_code
from landbridge.model.market import EndMarker, Tick, entry
from landbridge.model.mirror import head, pack, piece
from landbridge.model.pen import Epoch
from landbridge.model.trade import Trade, trade
from landbridge.workloads.trading.signals.definitions import definitions
from landbridge.workloads.trading.signals.engine import END, Signals
from landbridge.workloads.trading.signals.rows import standing
from landbridge.workloads.trading.signals.signal import Signal

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache/flink"
FLINK = ROOT / "requirements/flink.txt"
TICKS, SHARED = 1_000_000, 100_000
SYMBOLS = [f"SYM{n}" for n in range(100)]
RATE, SHARED_RATE = 10_000, 2_000  # ticks in a second of event time
PACKED = 300  # records of a copied batch
BATCH, TRIES = 1_000, 3  # ticks a push; the best of so many tries, because others use the machine too
BEGIN = 1_767_603_600_000
LIMIT = 1_000_000


def market(count: int, *, stragglers: bool, rate: int = RATE) -> list[Trade]:
    """Trades as they arrive; with stragglers 2 % up to 2 s late, 1 % up to 10 s, and 1 % twice."""
    rng = random.Random(11)
    prices, sequences = dict.fromkeys(SYMBOLS, 100_000_000), dict.fromkeys([(f, s) for f in "ab" for s in SYMBOLS], 0)
    arriving = []
    for n in range(count):
        feed, symbol, at = rng.choice("ab"), rng.choice(SYMBOLS), BEGIN + n * 1000 // rate
        prices[symbol] = max(1_000_000, prices[symbol] + rng.randrange(-100_000, 100_001))
        sequences[feed, symbol] += 1
        made = Trade(feed, symbol, sequences[feed, symbol], prices[symbol], rng.randrange(1, 1000), at)
        luck = rng.random() if stragglers else 1
        late = rng.randrange(10_000) if luck < 0.01 else rng.randrange(2_000) if luck < 0.03 else 0
        arriving.append((at + late, n, made))
        if luck > 0.99 and stragglers:
            arriving.append((at + rng.randrange(15_000), n, made))
    return [made for _, _, made in sorted(arriving)]


def streamed(trades: list[Trade]) -> tuple[list[Signal], Signals, float]:
    """All signals, the engine at its end, and ticks a second of CPU."""
    engine, signals = Signals(definitions(), ["0"]), list[Signal]()
    began = time.process_time()
    for first in range(0, len(trades), BATCH):
        signals += engine.push("0", trades[first : first + BATCH]).signals
    signals += engine.advance("0", END)
    return signals, engine, len(trades) / (time.process_time() - began)


def read(lines: Iterable[str]) -> list[Trade]:
    """The trades that records hold."""
    return [trade(found) for line in lines if isinstance(found := entry(line), Tick)]


def looped(prices: list[float]) -> float:
    """Ticks a second of CPU of a loop that keeps one mean."""
    mean, began = prices[0], time.process_time()
    for price in prices:
        mean += 0.1 * (price - mean)
    return len(prices) / (time.process_time() - began)


def environment() -> str | None:
    """The interpreter that has Flink; None = it can't be made here."""
    python = str(CACHE / "bin/python")
    if not (CACHE / "made").is_file():
        print(f"making {CACHE.relative_to(ROOT)} with {FLINK.name}: some minutes, 850 MB")
        install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(FLINK)]
        for command in ([sys.executable, "-m", "venv", "--clear", str(CACHE)], install, [python, "-c", "import pyflink.table"]):
            if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
                return None
        (CACHE / "made").touch()
    return python


def peer(python: str, name: str, *arguments: Path, path: str = "") -> str | None:
    """What a script of bench/peers prints in Flink's environment; None = it does not run here."""
    seen = {**os.environ, "PYTHONPATH": path}
    command = [python, str(ROOT / f"bench/peers/{name}.py"), *map(str, arguments)]
    ran = subprocess.run(command, cwd=CACHE, env=seen, capture_output=True, text=True, check=False)
    if ran.returncode:
        print(ran.stderr[-2000:])
        return None
    return ran.stdout


def flink(python: str, lines: list[str]) -> tuple[list[Signal], dict[str, float]] | None:
    """What Flink says of these records, with figures; None = it does not run here."""
    ticks, answers = CACHE / "ticks.json", CACHE / "answers.json"
    ticks.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = peer(python, "signals", ticks, answers, path=str(ROOT / "src"))
    if told is None:
        return None
    figures: dict[str, float] = json.loads(told.splitlines()[-1])
    return [Signal(*json.loads(line)) for line in answers.read_text().splitlines()], figures


def compared(python: str | None, count: int) -> bool:
    """Whether Flink says what we say, of records with stragglers, doubles, a marker and a value that is no trade."""
    lines = [made.tick().text() for made in market(count, stragglers=True, rate=SHARED_RATE)]
    ours, engine, _ = streamed(read(lines))
    odd = [Tick("a", "SYM1", 1_000_000, "0.00 1 1767690000000").text(), '{"kind":"end","region":"r","shard":"0"}', "{"]
    theirs = flink(python, [*lines[:1000], *odd, *lines[1000:]]) if python else None
    if theirs is None:
        print("Flink: does not run here (needs the package registry and Java 17), so nothing was compared")
        return False
    found, figures = theirs
    print(f"numpy, all at once      {figures['numpy']:12,.0f} ticks/s (sums of bars alone)")
    print(f"Flink, one slot         {len(lines) / figures['seconds']:12,.0f} ticks/s of wall, warm, planning the job included")
    same = found == sorted(ours)
    print(f"{len(lines):,} records, {engine.late} late, {engine.doubled} double; rows: {len(ours):,}, of Flink {len(found):,}")
    print("the same to the last byte" if same else "THEY DIFFER")
    return same


def mirrored(python: str, count: int) -> bool:
    """Whether Flink says what we say when the trades of one feed come by the mirror, in the replicator's packs."""
    trades = market(count, stragglers=False, rate=SHARED_RATE)
    live, mirror, answers = (CACHE / f"{name}.json" for name in ("live", "mirror", "mirrored"))
    live.write_text("".join(made.tick().text() + "\n" for made in trades if made.feed == "a"), encoding="utf-8")
    mirror.write_bytes(b"\n".join(packs([made for made in trades if made.feed == "b"])) + b"\n")
    if peer(python, "signals", live, answers, mirror, path=str(ROOT / "src")) is None:
        return False
    found = [Signal(*json.loads(line)) for line in answers.read_text().splitlines()]
    same = found == sorted(streamed(trades)[0])
    print(f"half of it by a mirror: {len(found):,} rows, {'the same' if same else 'BUT THEY DIFFER'}")
    return same


def packs(trades: list[Trade]) -> Iterator[bytes]:
    """As a mirror has them: batch by batch, each key's together, an end marker behind each."""
    for begun in range(0, len(trades), PACKED):
        by_symbol: dict[str, list[str]] = {}
        for number, made in enumerate(trades[begun : begun + PACKED], begun):
            by_symbol.setdefault(made.symbol, []).append(piece(str(number), made.tick().text()))
        marker = piece(str(begun), EndMarker("us-east-1", "shard", Epoch(1), begun).text())
        yield from (pack(head("us-east-1", "shard"), pieces) for pieces in [*by_symbol.values(), [marker]])


def packaged(python: str, count: int) -> bool:
    """Whether the application as `landbridge package` makes it puts the rows we would put; its jar is not needed for a file."""
    folder = CACHE / "packaged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    jar = replace(Connector.of(), sha256=hashlib.sha256(b"").hexdigest())
    (folder / jar.file).touch()
    with zipfile.ZipFile(io.BytesIO(signals_code(jar, folder).body)) as archive:
        archive.extractall(folder)
    trades = market(count, stragglers=False, rate=SHARED_RATE)
    ticks, items = folder / "ticks.json", folder / "items.json"
    ticks.write_text("".join(made.tick().text() + "\n" for made in trades), encoding="utf-8")
    if peer(python, "application", folder / LIBRARY, ticks, items) is None:
        return False
    put = [{name: next(iter(value.values())) for name, value in item.items()} for item in json.loads(items.read_text())]
    same = standing(put) == sorted(streamed(trades)[0])
    print(f"packaged application: {len(put):,} rows put, {'the same' if same else 'BUT THEY DIFFER'}")
    return same


def main(ticks: int = TICKS, shared: int = SHARED) -> int:
    """Prints the figures; 1 when a limit was broken or nothing could be compared."""
    trades = market(ticks, stragglers=False)
    rates = [max(streamed(each)[2] for _ in range(TRIES)) for each in (trades, market(ticks, stragglers=True))]
    print(f"ours, in order          {rates[0]:12,.0f} ticks/s")
    print(f"ours, with stragglers   {rates[1]:12,.0f} ticks/s")
    print(f"plain loop of one mean  {looped([made.price / 1e6 for made in trades]):12,.0f} ticks/s")
    lines = [made.tick().text() for made in trades[:SHARED]]
    began = time.process_time()
    read(lines)
    reading = len(lines) / (time.process_time() - began)
    print(f"reading records         {reading:12,.0f} records/s (JSON and value, before any of this)")
    python = environment()
    same = compared(python, shared) and python is not None and packaged(python, shared // 5) and mirrored(python, shared // 5)
    kept = min(rates) >= LIMIT and same
    print(f"limits: {'kept' if kept else 'BROKEN'}")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
