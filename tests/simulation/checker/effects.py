"""Effects: every accepted command applied exactly once, in the order of its user, as a single region would have."""

from collections import defaultdict
from collections.abc import Iterator

from tests.simulation.history import History

OURS = "~"


def broken(history: History) -> Iterator[str]:
    """Against what was accepted, in each copy of the database."""
    accepted: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for commit in history.commits:
        if commit.domain == "commands":
            accepted[commit.key[0]].append((commit.number, commit.id))
    for region, effects in history.effects.items():
        applied: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for user, number, key in effects:
            applied[user].append((number, key))
        for user in sorted(accepted.keys() | {user for user in applied if not user.startswith(OURS)}):
            if applied[user] != sorted(accepted[user]):
                yield f"effects of {user} in {region}: {_first_other(applied[user], sorted(accepted[user]))}"
            if history.applied[region].get(user, 0) != len(accepted[user]):
                yield f"{region} says {user} is applied up to {history.applied[region].get(user)} of {len(accepted[user])}"


def _first_other(found: list[tuple[int, str]], wanted: list[tuple[int, str]]) -> str:
    for place, (one, other) in enumerate(zip(found, wanted, strict=False), 1):
        if one != other:
            return f"at place {place} {one}, in a single region {other}"
    return f"{len(found)} applied, {len(wanted)} accepted"
