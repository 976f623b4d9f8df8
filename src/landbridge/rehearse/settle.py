"""Compares what traders sent and were promised with what the regions hold at the end. Pure; knows nothing of the engine.

A write counts as visible when a copy holds it, or a later write of the same key that was really sent: a key's next
version is sent only after the one before was answered, so a later one can only stand on top of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved

Key = tuple[str, str]
Copies = Mapping[Region, Mapping[Key, StateItem]]


@dataclass(frozen=True, slots=True)
class Write:
    """One version of one view, as its owner sends it."""

    user: str
    view: str
    version: int
    write_id: str
    value: str
    deleted: bool = False

    @property
    def key(self) -> Key:
        """What is written."""
        return self.user, self.view

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"{self.user}/{self.view} version {self.version}"

    def is_held_by(self, item: StateItem) -> bool:
        """Whether the item is this write, to the last character."""
        held = (item.key, item.version, item.write_id, item.value, item.deleted)
        return held == (self.key, self.version, self.write_id, self.value, self.deleted)


@dataclass(frozen=True, slots=True)
class WritesVerdict:
    """What became of the traders' writes: how many were accepted, and one sentence for each that is lost or doubled."""

    accepted: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    differing: tuple[Key, ...]


def settle(sent: Iterable[Write], accepted: frozenset[str], loaded: frozenset[str], copies: Copies) -> WritesVerdict:
    """Judges every write; `accepted` and `loaded` (there before anything moved) are write ids."""
    writes = [write for write in sent if not is_reserved(write.user)]
    people = {
        region: {key: item for key, item in copy.items() if not is_reserved(key[0])} for region, copy in sorted(copies.items())
    }
    known = accepted | loaded
    promised = [write for write in writes if write.write_id in known]
    return WritesVerdict(
        accepted=sum(write.write_id in accepted for write in promised),
        lost=_lost(promised, {write.write_id: write for write in writes}, people),
        doubled=(*_accepted_twice(promised), *_never_sent(writes, people)),
        differing=_differing(people),
    )


def _lost(promised: list[Write], sent: Mapping[str, Write], copies: Copies) -> tuple[str, ...]:
    sentences = []
    for write in sorted(promised, key=lambda write: (write.key, write.version)):
        without = [region for region, copy in copies.items() if not _is_visible(write, copy.get(write.key), sent)]
        if without:
            sentences.append(
                f"{write.name} ({write.write_id}) was accepted, and neither it nor a later one is in {' or '.join(without)}"
            )
    return tuple(sentences)


def _is_visible(write: Write, item: StateItem | None, sent: Mapping[str, Write]) -> bool:
    if item is None:
        return False
    held = sent.get(item.write_id)
    if held is None or not held.is_held_by(item):
        return False
    return item.version > write.version or item.write_id == write.write_id


def _accepted_twice(promised: list[Write]) -> list[str]:
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for write in promised:
        ids[write.name].append(write.write_id)
    return [f"{name} was accepted under {' and '.join(sorted(them))}" for name, them in sorted(ids.items()) if len(them) > 1]


def _never_sent(writes: list[Write], copies: Copies) -> list[str]:
    known = {(write.key, write.version, write.write_id) for write in writes}
    regions: defaultdict[tuple[Key, int, str], list[str]] = defaultdict(list)
    for region, copy in copies.items():
        for item in copy.values():
            if (item.key, item.version, item.write_id) not in known:
                regions[item.key, item.version, item.write_id].append(region)
    return [
        f"{key[0]}/{key[1]} version {version} ({write_id}) is in {' and '.join(where)} and was never sent"
        for (key, version, write_id), where in sorted(regions.items())
    ]


def _differing(copies: Copies) -> tuple[Key, ...]:
    keys = {key for copy in copies.values() for key in copy}
    return tuple(sorted(key for key in keys if len({copy.get(key) for copy in copies.values()}) > 1))
