"""What became of one schedule; in a module of its own, for a fresh process never imports the one that was run by name."""

from collections import Counter

from tests.simulation.checker import violations
from tests.simulation.run import simulate

Hits = Counter[tuple[str, str]]


def look(seed: int) -> tuple[int, list[str], Hits, int, int]:
    """One schedule: what it broke, what hit it, how many commits and ticks it saw."""
    history = simulate(seed)
    return seed, violations(history), Counter(history.hits), len(history.commits), len(history.ticks)
