"""A hostile checker: reads the history alone, knows nothing of the engine, and says each way in which it was wrong."""

from tests.simulation.checker import commands, effects, ends, market, pens, state
from tests.simulation.history import History

CHECKS = (pens.broken, state.broken, commands.broken, effects.broken, market.broken, ends.broken)


def violations(history: History) -> list[str]:
    """Every broken promise, as a sentence; none is what we want."""
    return [sentence for broken in CHECKS for sentence in broken(history)]
