"""How it ended: everybody answered in time, every run done or back where it began, and one holder of each pen."""

from collections.abc import Iterator
from itertools import pairwise

from tests.simulation.history import History

HOLD, ACT = 20.0, 8.0  # seconds a write is held, and what one more try of it may take
QUICK = 5.0  # for a write that has nothing to wait for
LONG = 25.0  # seconds in which somebody always orders something


def broken(history: History) -> Iterator[str]:
    """Waits, ends, holders."""
    yield from (f"{who} was never answered" for who in history.unanswered)
    if history.forwarded_again:
        yield f"{history.forwarded_again} forwarded writes were forwarded again"
    yield from _waits(history)
    yield from _back(history)
    if history.outcomes.count("done") < history.wanted:
        yield f"of {history.wanted} plans {history.outcomes.count('done')} came to their end"
    for domain, regions in history.holders.items():
        if len(regions) != 1:
            yield f"at the end the {domain} pen is with {' and '.join(regions) or 'nobody'}"


def _waits(history: History) -> Iterator[str]:
    for wait in history.waits:
        if wait.ended - wait.began > HOLD + ACT and not wait.frozen:
            yield f"a write of {wait.domain} waited for {wait.ended - wait.began:.1f} s"
            return
    if history.calm:
        yield from _needless_waits(history)
        yield from _accepts_while_effects_move(history)


def _needless_waits(history: History) -> Iterator[str]:
    """Where no call goes wrong and no fault is about, nobody waits or is refused while a pen is open all along."""
    windows = {domain: _open_windows(history, domain) for domain in ("state", "commands")}
    for wait in history.waits:
        took, (began, ended) = wait.ended - wait.began, (wait.began, wait.ended)
        is_open = any(first <= began and ended <= last for first, last in windows[wait.domain])
        if (wait.status == 503 or took > QUICK) and is_open and not wait.frozen and not _troubled(history, began, ended):
            yield f"a write of {wait.domain} was told {wait.status} after {took:.1f} s, and a pen was open all along"
            return


def _accepts_while_effects_move(history: History) -> Iterator[str]:
    accepted = [commit.at for commit in history.commits if commit.domain == "commands"]
    opened = _open_windows(history, "effects")
    for (_, closed), (again, _) in pairwise(opened):
        for first, last in _open_windows(history, "commands"):
            began, ended = max(first, closed), min(last, again)
            silent = ended - began > LONG and not any(began <= at <= ended for at in accepted)
            if silent and accepted[-1] > ended and not _troubled(history, began, ended):
                yield f"no command was accepted for {ended - began:.1f} s while effects moved"


def _troubled(history: History, began: float, ended: float) -> bool:
    return any(first <= ended and began <= last for first, last in history.troubles)


def _open_windows(history: History, domain: str) -> list[tuple[float, float]]:
    """When one side had its master and all its fences open."""
    standing: dict[str, dict[str, bool]] = {}
    windows, began = list[tuple[float, float]](), float("-inf")
    for change in (change for change in history.pens if change.domain == domain):
        was = _whole(standing)
        standing.setdefault(change.region, {})[change.item] = change.is_open
        if was and not _whole(standing):
            windows.append((began, change.at))
        if not was and _whole(standing):
            began = change.at
    return [*windows, (began, float("inf"))] if _whole(standing) else windows


def _whole(standing: dict[str, dict[str, bool]]) -> bool:
    return any(items and all(items.values()) for items in standing.values())


def _back(history: History) -> Iterator[str]:
    for why, before, after in history.returns:
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                yield f"rolled back ({why}), but {name} was {before.get(name)} and is {after.get(name)}"
