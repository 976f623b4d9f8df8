"""Where the market's rows lie in the analytics table: known to who writes them and to who reads them."""

import zlib

from landbridge.model.market import Tick

LATEST_PARTS = 8


def row_key(tick: Tick) -> dict[str, str]:
    """Where a tick's row lies; a partition holds a thousand of them, so that none grows for ever."""
    return {"pk": f"tick#{tick.feed}#{tick.symbol}#{tick.sequence // 1000}", "sk": f"{tick.sequence:019d}"}


def latest_parts() -> list[str]:
    """In which parts the newest trades lie: few enough to ask all of them, enough to spread the writes."""
    return [f"latest#{number}" for number in range(LATEST_PARTS)]


def latest_part(symbol: str) -> str:
    """In which of them those of a symbol lie."""
    return f"latest#{zlib.crc32(symbol.encode()) % LATEST_PARTS}"
