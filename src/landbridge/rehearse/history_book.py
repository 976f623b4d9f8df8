"""Objects of the history that exist before anything moves, and what has become of each of their versions in each region."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from random import Random

from landbridge.aws.clients import Clients, speaking
from landbridge.model.region import Region
from landbridge.model.state import is_reserved
from landbridge.rehearse.fabric.objects import listing
from landbridge.rehearse.fabric.objects.listing import Listed

READERS = 8
MARKER = "deleted"
MARKERS = 0.07  # the share of what is put that is a delete marker

Versions = Mapping[str, tuple[str, ...]]  # by key: what each version holds, as a digest, the oldest first


@dataclass(frozen=True, slots=True)
class Put:
    """One version; a body of None deletes."""

    key: str
    body: bytes | None

    @property
    def digest(self) -> str:
        """What must be read."""
        return MARKER if self.body is None else _digest(self.body)


@dataclass(frozen=True, slots=True)
class HistoryVerdict:
    """How many versions were there before, and one sentence for each key that is not as it should be."""

    loaded: int = 0
    lost: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


def initial_history(versions: int, seed: int) -> Iterator[Put]:
    """So many versions and markers, over half as many keys: the same for the same seed."""
    chance = Random(f"{seed}/history")
    for number in range(versions):
        day, part = divmod(chance.randrange(max(1, versions // 2)), 24)
        key = f"ticks/day=2026-{1 + day // 28:02}-{1 + day % 28:02}/hour={part:02}/loaded.json"
        line = {"symbol": chance.choice("ABCDEFGH"), "price": round(chance.uniform(1, 500), 2), "number": number}
        yield Put(key, None if chance.random() < MARKERS else json.dumps(line).encode())


def together(puts: Iterable[Put]) -> dict[str, list[Put]]:
    """By key, in order."""
    found: dict[str, list[Put]] = {}
    for put in puts:
        found.setdefault(put.key, []).append(put)
    return found


@dataclass(frozen=True)
class HistoryBook:
    """What was loaded, in order."""

    loaded: tuple[Put, ...]

    @classmethod
    def of(cls, versions: int, seed: int) -> "HistoryBook":
        """So many."""
        return cls(tuple(initial_history(versions, seed)))

    def settle(self, copies: Mapping[Region, Versions]) -> HistoryVerdict:
        """It must lie beneath whatever came since, in its order, in every region; and the regions must agree."""
        keys = {key: tuple(put.digest for put in puts) for key, puts in together(self.loaded).items()}
        lost = [
            f"{key} is not as it was loaded in {region}"
            for key, digests in sorted(keys.items())
            for region, held in sorted(copies.items())
            if held.get(key, ())[: len(digests)] != digests
        ]
        every = sorted({key for held in copies.values() for key in held})
        differing = [key for key in every if len({held.get(key) for held in copies.values()}) > 1]
        return HistoryVerdict(len(self.loaded), tuple(lost), tuple(differing))


def bucket_copy(clients: Clients, region: Region, bucket: str) -> Versions:
    """Every version of a region's bucket, each read whole."""
    kept = [each for each in listing.every(clients, region, bucket) if not is_reserved(each.place.key)]
    with ThreadPoolExecutor(READERS) as pool:
        digests = dict(zip((each.place for each in kept), pool.map(lambda each: _held(clients, each), kept), strict=True))
    by_key = groupby(kept, key=lambda each: each.place.key)
    return {key: tuple(digests[each.place] for each in versions)[::-1] for key, versions in by_key}


def _held(clients: Clients, version: Listed) -> str:
    if version.marker:
        return MARKER
    place = version.place
    with speaking(place.region, f"GetObject {place.bucket}/{place.key}"):
        told = clients.client("s3", place.region).get_object(Bucket=place.bucket, Key=place.key, VersionId=place.version)
        return _digest(told["Body"].read())


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
