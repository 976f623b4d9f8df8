"""What the platform holds before anything moves: the same items for the same seed, whoever asks."""

from collections.abc import Iterator
from random import Random

from landbridge.config.rehearsal import Traffic
from landbridge.model.pen import Epoch
from landbridge.model.state import StateItem
from landbridge.rehearse.settle import Key

VIEWS = ("orders", "positions", "risk", "watchlist")
HELD_FROM_THE_START = VIEWS[:2]  # a trader's other views come to life during the run
SYMBOLS = ("AAPL", "ALV", "ASML", "BAS", "DBK", "JPM", "MSFT", "NVDA", "SAP", "SIE")


def trader_names(traffic: Traffic) -> tuple[str, ...]:
    """Everyone who trades in the run."""
    return tuple(f"trader-{number:04d}" for number in range(traffic.traders))


def initial_items(traffic: Traffic, seed: int) -> Iterator[StateItem]:
    """Exactly `traffic.items` items of version 1 and epoch 1: half the traders' views first, then other users'."""
    for number, (user, view) in zip(range(traffic.items), _keys(traffic), strict=False):
        random = Random(f"{seed}/item/{number}")
        yield StateItem(user, view, 1, write_id(random), Epoch(1), value(random))


def write_id(random: Random) -> str:
    """A write's own name; no two are alike."""
    return f"{random.getrandbits(96):024x}"


def value(random: Random) -> str:
    """What a person might keep on a view, umlauts and all."""
    symbols = ",".join(random.sample(SYMBOLS, random.randint(1, len(SYMBOLS))))
    return f"columns=bid,ask,größe;symbols={symbols};zoom={random.randint(50, 200)}"


def _keys(traffic: Traffic) -> Iterator[Key]:
    for user in trader_names(traffic):
        for view in HELD_FROM_THE_START:
            yield user, view
    for number in range(traffic.items):
        yield f"client-{number // len(VIEWS):06d}", VIEWS[number % len(VIEWS)]
