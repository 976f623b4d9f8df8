"""What the database says it has done, held against every command that users sent and were promised, in each region's copy.

A command counts as done when its number is applied once, with its key and its order, and no sooner than the number before.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from landbridge.migrate.adapters.effects import EffectsDatabase
from landbridge.model.region import Region
from landbridge.model.state import is_reserved
from landbridge.rehearse.command_book import Place, Sent
from landbridge.workloads.trading.orders import order

DONE = "SELECT owner, number, id, ordered, extract(epoch FROM at)::float8 FROM trading.done ORDER BY owner, number"


@dataclass(frozen=True, slots=True)
class Done:
    """One row of it; `at` by the clock of whichever server wrote it."""

    sent: Sent
    at: float

    @property
    def place(self) -> Place:
        """Whose, and which number."""
        return self.sent.user, self.sent.number


@dataclass(frozen=True, slots=True)
class EffectsVerdict:
    """One sentence for each command that was not applied, twice, before its turn, or though nobody sent it."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    disordered: tuple[str, ...]
    invented: tuple[str, ...]


def settle_effects(
    sent: Collection[Sent], promised: Mapping[Place, Sent], copies: Mapping[Region, Sequence[Done]]
) -> EffectsVerdict:
    """Every region alike; rows come by user and number."""
    every = sorted(copies.items())
    return EffectsVerdict(
        lost=tuple(said for region, rows in every for said in _lost(region, promised, rows)),
        doubled=tuple(said for region, rows in every for said in _doubled(region, rows)),
        disordered=tuple(said for region, rows in every for said in _disordered(region, rows)),
        invented=tuple(
            f"{each.sent.name} ({each.sent.key}) was applied in {region} and never sent"
            for region, rows in every
            for each in rows
            if each.sent not in sent
        ),
    )


def _lost(region: Region, promised: Mapping[Place, Sent], rows: Sequence[Done]) -> Iterator[str]:
    done = {each.place: each.sent for each in rows}
    for place, command in sorted(promised.items()):
        found = done.get(place)
        if found != command:
            applied = found.key if found else "none"
            yield f"{command.name} ({command.key}) was accepted, and {region}'s database applied {applied} there"


def _doubled(region: Region, rows: Sequence[Done]) -> Iterator[str]:
    numbers: dict[tuple[str, str], int] = {}
    for each in rows:
        user, key, number = each.sent.user, each.sent.key, each.sent.number
        if (first := numbers.setdefault((user, key), number)) != number:
            yield f"{key} of {user} was applied in {region} as {first} and as {number}"


def _disordered(region: Region, rows: Sequence[Done]) -> Iterator[str]:
    for before, after in pairwise(rows):
        same, follows = before.sent.user == after.sent.user, after.sent.number == before.sent.number + 1
        if same and not (follows and before.at <= after.at):
            yield f"{after.sent.name} was applied in {region} before number {after.sent.number - 1} was"
        if not same and after.sent.number != 1:
            yield f"{after.sent.name} was applied in {region} before number 1 was"


def effects_copy(database: EffectsDatabase, region: Region) -> tuple[Done, ...]:
    """What the region's own copy says of people's commands."""
    rows = database.at(region, DONE)
    return tuple(
        Done(Sent(user, number, key, order(ordered)), at) for user, number, key, ordered, at in rows if not is_reserved(user)
    )
