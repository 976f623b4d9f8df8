"""Both sides asked at once; where both say no, one sentence names both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from landbridge.model.errors import LandbridgeError
from landbridge.model.region import Pair
from landbridge.verify.port import Unfinished

T = TypeVar("T")
U = TypeVar("U")


def at_once(sides: Pair[T], ask: Callable[[T], U]) -> Pair[U]:
    """What both answer."""
    with ThreadPoolExecutor(2) as pool:
        asked = sides.map(lambda side: pool.submit(ask, side))
    refused = [error for each in asked if isinstance(error := each.exception(), LandbridgeError)]
    if len(refused) > 1:
        raise _both(*refused)
    return asked.map(lambda each: each.result())


def _both(source: LandbridgeError, target: LandbridgeError) -> Unfinished:
    """Of the kind the source's is, where a caller treats that differently."""
    if isinstance(source, Unfinished) and isinstance(target, Unfinished):
        said = f"{source.where}: {source.what} and {target.where}: {target.what}"
        return type(source)("both databases", said, source.fix)
    return Unfinished("both sides", f"{source}, and {target}", "see to both, then go on with --resume")
