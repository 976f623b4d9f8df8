"""The torture has teeth: a replicator that is wrong in one way is found out."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from tests.contract.replicator.checker import Checker
from tests.contract.replicator.kinesis import Kinesis, Odds
from tests.contract.replicator.live import Live
from tests.contract.replicator.mapping import Mapping, mirror_at
from tests.contract.replicator.torture import served

from landbridge.agents.lines import Pack
from landbridge.agents.mirror_stream import MirrorStream, Outcome


@dataclass
class Believing:
    """Takes silence for success."""

    mirror: MirrorStream

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """Wrong where the request was lost."""
        said = self.mirror.put(packs)
        return Outcome([True] * len(packs)) if said.unknown else said


@dataclass
class Careless:
    """Does not look at single records."""

    mirror: MirrorStream

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """Wrong where some of them failed."""
        self.mirror.put(packs)
        return Outcome([True] * len(packs))


@dataclass
class Unpacked:
    """Sends a key's records side by side in one request, as most replicators do."""

    mirror: MirrorStream

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """Wrong where one of them failed and a later one of its key did not."""
        singles = [replace(pack, pieces=[each]) for pack in packs for each in pack.pieces]
        taken = [stored for some in range(0, len(singles), 500) for stored in self.mirror.put(singles[some : some + 500]).stored]
        parts = iter(taken)
        return Outcome([min([next(parts) for _ in pack.pieces]) for pack in packs])


@dataclass
class Shuffling:
    """Packs a key's records in any order."""

    mirror: MirrorStream

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """Wrong always."""
        return self.mirror.put([replace(pack, pieces=pack.pieces[::-1]) for pack in packs])


@pytest.mark.parametrize("planted", [Believing, Careless, Unpacked, Shuffling])
def test_a_planted_mistake_is_found(planted: type[Believing]) -> None:
    """Whichever it is, within three thousand records."""
    chance = random.Random(3)
    live = Live(3_000, chance)
    checker = Checker(live)
    with served(Kinesis(checker.stored, 3, Odds(lost=0.05))) as url:
        Mapping(live, checker, planted(mirror_at(url)), chance, most=300).run()
    assert checker.ended()
