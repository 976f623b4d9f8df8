"""What the signals are: windows, spans and thresholds, read from one file by our engine and by the Flink application."""

import hashlib
import tomllib
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

from landbridge.model.errors import BadInput

FILE = Path(__file__).with_name("definitions.toml")
WHOLE = 1_000_000  # the weights of a mean add up to this
LONGEST = 120  # bars a signal may look back: the Flink application spells each of them out
BOUNDS = {
    "bar_ms": (1, 86_400_000),
    "lateness_ms": (0, 86_400_000),
    "ema.fast": (2, LONGEST),
    "ema.slow": (3, LONGEST),
    "volatility.bars": (2, LONGEST),
    "spike.bars": (1, LONGEST),
    "spike.percent": (101, 100_000),
}


@dataclass(frozen=True, slots=True)
class Definitions:
    """The numbers of the definitions file, in its order."""

    bar_ms: int
    lateness_ms: int
    fast: int
    slow: int
    volatility: int
    spike: int
    percent: int

    @property
    def memory(self) -> int:
        """How many bars of a symbol its next signal depends on, besides its own; nothing older has any part in it."""
        return max(self.slow, self.volatility, self.spike)

    @property
    def fingerprint(self) -> str:
        """Tells these definitions from all others."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def definitions(path: Path = FILE) -> Definitions:
    """The definitions a file holds; whatever is missing, unknown or out of bounds is refused."""
    try:
        found = _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise BadInput(str(path), f"can't be read ({error})", "hand in a file like definitions.toml") from None
    if found.keys() != BOUNDS.keys():
        odd = min(found.keys() ^ BOUNDS.keys())
        raise BadInput(f"{path}: {odd}", "is missing or unknown", f"name exactly {', '.join(BOUNDS)}")
    for name, (least, most) in BOUNDS.items():
        if type(found[name]) is not int or not least <= found[name] <= most:
            raise BadInput(f"{path}: {name}", f"is {found[name]!r}", f"give a whole number from {least} to {most}")
    if found["ema.fast"] >= found["ema.slow"]:
        raise BadInput(f"{path}: ema.fast", "is not below ema.slow", "give the fast mean the shorter span")
    return Definitions(*(found[name] for name in BOUNDS))


@cache
def weights(span: int) -> tuple[int, ...]:
    """What each of the last `span` bars weighs in their mean, newest first; together exactly WHOLE.

    Each weighs (span - 1) / (span + 1) of the one after it, as in an exponential mean; rounded down, and what rounding
    left over is the newest one's.
    """
    raw = [(span - 1) ** back * (span + 1) ** (span - 1 - back) for back in range(span)]
    scaled = [weight * WHOLE // sum(raw) for weight in raw]
    return (scaled[0] + WHOLE - sum(scaled), *scaled[1:])


def _flat(tables: dict[str, object], within: str = "") -> dict[str, int]:
    """Keys with the table they stand in; values are checked by who asked."""
    flat: dict[str, int] = {}
    for name, value in tables.items():
        flat |= _flat(value, f"{name}.") if isinstance(value, dict) else {within + name: value}  # type: ignore[dict-item]
    return flat
