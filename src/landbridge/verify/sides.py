"""Both sides asked at once; where both say no, one sentence names both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from landbridge.model.errors import LandbridgeError, Refused, Unreachable
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


def _both(source: LandbridgeError, target: LandbridgeError) -> LandbridgeError:
    """Of the kind that a caller treats as it would treat either."""
    match source, target:
        case Unfinished(), Unfinished():
            said = f"{source.where}: {source.what} and {target.where}: {target.what}"
            return type(source)("both databases", said, source.fix)
        case Unreachable(), Unreachable():
            return Unreachable(f"{source.region} and {target.region}", source.what)
        case Refused(), Refused():
            return Refused(f"{source.region} and {target.region}", source.what, f"{source.why}; {target.why}")
        case Refused(), _:
            return Refused(source.region, source.what, f"{source.why}; and {target}")
        case _, Refused():
            return Refused(target.region, target.what, f"{target.why}; and {source}")
    return source
