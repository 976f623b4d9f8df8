"""A hostile checker: reads the history alone, knows nothing of the engine, and says each way in which it was wrong."""

from collections import defaultdict

from tests.simulation.history import History


def violations(history: History) -> list[str]:
    """Every broken promise, as a sentence; none is what we want."""
    return [
        *_one_side_open(history),
        *_one_side_an_epoch(history),
        *_epochs_in_order(history),
        *_versions_rise(history),
        *_once(history),
        *_nothing_lost(history),
        *_copies_agree(history),
        *_ends(history),
    ]


def _one_side_open(history: History) -> list[str]:
    found, open_items = [], defaultdict[str, set[str]](set)
    for change in sorted(history.pens, key=lambda c: c.at):
        act = open_items[change.region].add if change.is_open else open_items[change.region].discard
        act(change.item)
        holders = sorted(region for region, items in open_items.items() if items)
        if len(holders) > 1:
            found.append(f"{change.item} of {change.region} was opened while both {' and '.join(holders)} had open pens")
    return found[:3]


def _one_side_an_epoch(history: History) -> list[str]:
    sides: dict[int, set[str]] = defaultdict(set)
    for commit in history.commits:
        sides[commit.epoch].add(commit.region)
    return [f"epoch {epoch} was written by {' and '.join(sorted(who))}" for epoch, who in sides.items() if len(who) > 1]


def _epochs_in_order(history: History) -> list[str]:
    found, newest = [], 0
    for commit in sorted(history.commits, key=lambda c: c.at):
        if commit.epoch < newest:
            found.append(f"{commit.region} committed {commit.key} in epoch {commit.epoch} after epoch {newest} had begun")
        newest = max(newest, commit.epoch)
    return found


def _versions_rise(history: History) -> list[str]:
    found, newest = [], dict[tuple[str, str], int]()
    for commit in sorted(history.commits, key=lambda c: c.at):
        if commit.version <= newest.get(commit.key, 0):
            found.append(f"{commit.key} went from version {newest[commit.key]} to {commit.version} in {commit.region}")
        newest[commit.key] = max(commit.version, newest.get(commit.key, 0))
    return found


def _once(history: History) -> list[str]:
    found = []
    accepted: dict[tuple[tuple[str, str], int], set[str]] = defaultdict(set)
    for told in history.told:
        if told.status == 200:
            accepted[told.key, told.version].add(told.write_id)
        if told.status == 409:
            found.append(f"{told.key} version {told.version}: its only writer was told 409")
    found += [f"{key} was accepted under {sorted(ids)}" for key, ids in accepted.items() if len(ids) > 1]
    for commit in history.commits:
        if history.sent.get((commit.key, commit.version)) != commit.write_id:
            found.append(f"{commit.region} committed {commit.key} version {commit.version}, which nobody sent so")
    return found


def _nothing_lost(history: History) -> list[str]:
    found = []
    for told in history.told:
        if told.status != 200:
            continue
        for region, copy in history.copies.items():
            version, _ = copy.get(told.key, (0, ""))
            if version < told.version:
                found.append(f"{told.key} version {told.version} was accepted, {region} ends with version {version}")
    return found


def _copies_agree(history: History) -> list[str]:
    one, other = history.copies.values()
    differing = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
    return [f"{key} differs at the end: {one.get(key)} and {other.get(key)}" for key in differing]


def _ends(history: History) -> list[str]:
    found = [f"{who} was never answered" for who in history.unanswered]
    if not history.outcomes:
        found.append("the migration neither ended nor went back")
    holders = [region for region, open_ in history.holders.items() if open_]
    if len(holders) != 1:
        found.append(f"at the end the pen is with {holders or 'nobody'}")
    return found
