"""Dashboards: no accepted version is lost, doubled or replaced by an older one, and both regions end with the same."""

from collections import defaultdict
from collections.abc import Iterator

from tests.simulation.history import History, Key

OURS = "~"


def broken(history: History) -> Iterator[str]:
    """Versions, answers, copies."""
    yield from _versions_rise(history)
    yield from _once(history)
    yield from _nothing_lost(history)
    yield from copies_differ(history, "state")
    for region, key in [(region, key) for region, key in history.older_won if not key[1].startswith(OURS)][:3]:
        yield f"an older version of {key} won over a newer one in {region}"


def _versions_rise(history: History) -> Iterator[str]:
    newest: dict[Key, int] = {}
    for commit in history.commits:
        if commit.domain == "state":
            if commit.number <= newest.get(commit.key, 0):
                yield f"{commit.key} went from version {newest[commit.key]} to {commit.number} in {commit.region}"
            newest[commit.key] = max(commit.number, newest.get(commit.key, 0))


def _once(history: History) -> Iterator[str]:
    accepted: dict[tuple[Key, int], set[str]] = defaultdict(set)
    for told in history.told:
        if told.domain == "state" and told.status == 200:
            accepted[told.key, told.number].add(told.id)
        elif told.domain == "state":
            yield f"{told.key} version {told.number}: its only writer was told {told.status}"
    yield from (f"{key} was accepted under {sorted(ids)}" for key, ids in accepted.items() if len(ids) > 1)
    for commit in history.commits:
        if commit.domain == "state" and history.sent.get(("state", commit.key, commit.id)) != commit.number:
            yield f"{commit.region} committed {commit.key} version {commit.number}, which nobody sent so"


def _nothing_lost(history: History) -> Iterator[str]:
    for told in history.told:
        if told.domain != "state" or told.status != 200:
            continue
        for region, copy in history.copies.items():
            item = copy.get(("state", *told.key))
            if item is None or item.version < told.number:
                yield f"{told.key} version {told.number} was accepted, {region} ends with {item}"


def copies_differ(history: History, kind: str) -> Iterator[str]:
    """Whatever the copies of one kind of item end with in one region alone."""
    one, other = history.copies.values()
    for key in sorted(one.keys() | other.keys()):
        if key[0] == kind and one.get(key) != other.get(key) and not any(word.startswith(OURS) for word in key):
            yield f"{key} differs at the end: {one.get(key)} and {other.get(key)}"
