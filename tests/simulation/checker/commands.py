"""Commands: each key accepted once, under numbers without a gap, as its user was told, and in both regions at the end."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.simulation.checker.state import copies_differ
from tests.simulation.history import Commit, History


def broken(history: History) -> Iterator[str]:
    """Numbers, keys, answers, copies."""
    commits = [commit for commit in history.commits if commit.domain == "commands"]
    yield from _numbers(commits)
    yield from _keys(history, commits)
    yield from _nothing_lost(history)
    for kind in ("command", "head", "key"):
        yield from copies_differ(history, kind)


def _numbers(commits: list[Commit]) -> Iterator[str]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for commit in commits:
        numbers[commit.key[0]].append(commit.number)
    for user, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"commands of {user} were accepted under {found[-9:]}"


def _keys(history: History, commits: list[Commit]) -> Iterator[str]:
    for (user, key), times in Counter((commit.key[0], commit.id) for commit in commits).items():
        if times > 1:
            yield f"command {key} of {user} was accepted {times} times"
        if ("commands", (user,), key) not in history.sent:
            yield f"command {key} of {user} was accepted, which nobody sent"
    accepted = {(commit.key, commit.id): commit.number for commit in commits}
    for told in history.told:
        if told.domain == "commands" and (told.status != 200 or accepted.get((told.key, told.id)) != told.number):
            yield f"{told.id} was told {told.status} under {told.number}, accepted under {accepted.get((told.key, told.id))}"


def _nothing_lost(history: History) -> Iterator[str]:
    for told in history.told:
        if told.domain != "commands":
            continue
        for region, copy in history.copies.items():
            item = copy.get(("command", *told.key, str(told.number)))
            if item is None or item.key != told.id:
                yield f"command {told.id} was accepted under {told.number}, {region} ends with {item}"
