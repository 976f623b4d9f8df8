"""The signals as Flink SQL, spelled from the definitions: each view is one step of docs/signals.md.

Money stays in whole micro-units as decimals; divisions are rounded down by hand, because Flink rounds them half up.
"""

from landbridge.model.trade import MICRO, VALUE
from landbridge.workloads.trading.signals.definitions import WHOLE, Definitions, weights
from landbridge.workloads.trading.signals.signal import PARTS, STEEPEST

ENTRY = "kind STRING, feed STRING, symbol STRING, `sequence` BIGINT, `value` STRING"
SYMBOL = "PARTITION BY symbol ORDER BY rowtime"
TRADED = f"kind = 'tick' AND REGEXP(`value`, '^{VALUE}$') AND NOT REGEXP(`value`, '^0[.]?0* ')"
VIEWS = ("trades", "uniques", "bars", "prices", "means", "spreads", "spikes", "signals")


def source(name: str, lateness_ms: int, options: dict[str, str]) -> str:
    """A table of a live stream's records."""
    watermark = f"WATERMARK FOR rowtime AS {watermarked(lateness_ms)}"
    return f"CREATE TEMPORARY TABLE {name} ({ENTRY}, rowtime AS {timed()}, {watermark}) WITH ({spelled(options)})"


def packs(name: str, options: dict[str, str]) -> str:
    """A table of a mirror's records: each is a pack of another live stream's entries, which have times of their own."""
    entries = f"`records` ARRAY<ROW<`entry` ROW<{ENTRY}>>>"
    return f"CREATE TEMPORARY TABLE {name} ({entries}) WITH ({spelled(options)})"


def unpacked(name: str) -> str:
    """The entries of a table of packs."""
    columns = "kind, feed, symbol, `sequence`, `value`"
    entries = f"SELECT packed.`entry` AS e FROM {name} CROSS JOIN UNNEST(`records`) AS packed (`entry`)"
    return f"SELECT {', '.join(f'e.{column} AS {column}' for column in columns.split(', '))} FROM ({entries})"


def timed() -> str:
    """When an entry was done; what is no trade has a time that moves no watermark."""
    at = f"CASE WHEN {TRADED} THEN CAST(SPLIT_INDEX(`value`, ' ', 2) AS BIGINT) ELSE CAST(0 AS BIGINT) END"
    return f"TO_TIMESTAMP_LTZ({at}, 3)"


def watermarked(lateness_ms: int) -> str:
    """How far behind the newest entry a trade still counts for sure."""
    return f"rowtime - {_interval(lateness_ms)}"


def spelled(options: dict[str, str]) -> str:
    """Options of a table."""
    return ", ".join(f"'{name}' = '{value}'" for name, value in options.items())


def views(by: Definitions, sources: tuple[str, ...]) -> list[str]:
    """Statements that end in the view `signals`, one row a bar, over these tables."""
    steps = (_trades(sources), _uniques(by), _bars(by), _prices(), _means(by), _spreads(by), _spikes(by), _signals(by))
    return [f"CREATE TEMPORARY VIEW {name} AS {step}" for name, step in zip(VIEWS, steps, strict=True)]


def _trades(sources: tuple[str, ...]) -> str:
    price = f"CAST(CAST(SPLIT_INDEX(`value`, ' ', 0) AS DECIMAL(15, 6)) * {MICRO} AS DECIMAL(15, 0)) AS price"
    volume = "CAST(SPLIT_INDEX(`value`, ' ', 1) AS DECIMAL(12, 0)) AS volume"
    done = "CAST(SPLIT_INDEX(`value`, ' ', 2) AS BIGINT) AS done"
    return " UNION ALL ".join(
        f"SELECT feed, symbol, `sequence`, {price}, {volume}, {done}, rowtime FROM {source} WHERE {TRADED}" for source in sources
    )


def _uniques(by: Definitions) -> str:
    """Each identity once in its window; Flink forgets a window's identities when it is final."""
    once = "PARTITION BY window_start, window_end, feed, symbol, `sequence` ORDER BY rowtime"
    tumble = f"TUMBLE(TABLE trades, DESCRIPTOR(rowtime), {_interval(by.bar_ms)})"
    return f"SELECT * FROM (SELECT *, ROW_NUMBER() OVER ({once}) AS nth FROM TABLE({tumble})) WHERE nth = 1"


def _bars(by: Definitions) -> str:
    start = f"MIN(done - MOD(done, {by.bar_ms})) AS `start`"
    sums = "COUNT(*) AS trades, SUM(volume) AS volume, SUM(price * volume) AS notional"
    window = "window_start, window_end, window_time"
    return f"SELECT symbol, {start}, {sums}, window_time AS rowtime FROM uniques GROUP BY symbol, {window}"


def _prices() -> str:
    return f"SELECT symbol, `start`, trades, volume, {_floor('notional', 'volume', 18)} AS vwap, rowtime FROM bars"


def _means(by: Definitions) -> str:
    means = [f"{_mean(span)} AS {name}" for name, span in (("fast", by.fast), ("slow", by.slow))]
    steep = f"{_floor(f'vwap * {PARTS}', _back('vwap', 1), 28)} - {PARTS}"
    change = f"LEAST(CAST({steep} AS DECIMAL(28, 0)), CAST({STEEPEST} AS DECIMAL(28, 0))) AS `change`"
    return (
        f"SELECT symbol, `start`, trades, volume, vwap, {', '.join(means)}, {change}, rowtime FROM prices WINDOW w AS ({SYMBOL})"
    )


def _spreads(by: Definitions) -> str:
    change = "CAST(`change` AS DECIMAL(15, 0))"
    sums = f"COUNT(`change`) OVER w AS changes, SUM({change}) OVER w AS total, SUM({change} * {change}) OVER w AS squares"
    rows = f"{SYMBOL} ROWS BETWEEN {by.volatility - 1} PRECEDING AND CURRENT ROW"
    return f"SELECT symbol, `start`, trades, volume, vwap, fast, slow, {sums}, rowtime FROM means WINDOW w AS ({rows})"


def _spikes(by: Definitions) -> str:
    rows = f"{SYMBOL} ROWS BETWEEN {by.spike} PRECEDING AND CURRENT ROW"
    sums = "COUNT(*) OVER w AS bars_there, SUM(volume) OVER w AS volumes"
    columns = "symbol, `start`, trades, volume, vwap, fast, slow, changes, total, squares"
    return f"SELECT {columns}, {sums}, rowtime FROM spreads WINDOW w AS ({rows})"


def _signals(by: Definitions) -> str:
    count, before = by.volatility, f"LAG(fast - slow, 1) OVER ({SYMBOL})"
    up = f"WHEN {before} <= 0 AND fast > slow THEN 1"
    down = f"WHEN {before} >= 0 AND fast < slow THEN -1"
    variance = _floor(f"(squares * {count} - total * total)", f"{count * (count - 1)}", 38)
    root = f"CASE WHEN changes = {count} THEN CAST(FLOOR(SQRT(CAST({variance} AS DOUBLE))) AS BIGINT) END"
    busy = f"volume * {by.spike * 100} >= (volumes - volume) * {by.percent}"
    return (
        "SELECT `start`, symbol, trades, CAST(volume AS BIGINT) AS volume, CAST(vwap AS BIGINT) AS vwap,"
        f" CAST(fast AS BIGINT) AS fast, CAST(slow AS BIGINT) AS slow, CASE {up} {down} ELSE 0 END AS crossing,"
        f" {root} AS volatility, bars_there = {by.spike + 1} AND {busy} AS spike FROM spikes"
    )


def _mean(span: int) -> str:
    terms = " + ".join(f"{_back('vwap', back)} * {weight}" for back, weight in enumerate(weights(span)))
    return f"CAST({_floor(f'CAST({terms} AS DECIMAL(38, 0))', str(WHOLE), 18)} AS DECIMAL(18, 0))"


def _back(column: str, bars: int) -> str:
    return f"LAG({column}, {bars}) OVER w" if bars else column


def _floor(above: str, below: str, digits: int) -> str:
    """The quotient of what is not negative, rounded down: the remainder is taken off first, so nothing is left to round."""
    return f"CAST(({above} - MOD({above}, {below})) / {below} AS DECIMAL({digits}, 0))"


def _interval(milliseconds: int) -> str:
    days, rest = divmod(milliseconds, 86_400_000)
    hours, rest = divmod(rest, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"INTERVAL '{days} {hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}' DAY TO SECOND(3)"
