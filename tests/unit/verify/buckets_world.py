"""Two versioned buckets in memory, the target behind the source, with writers who never stop; every request lets time pass."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import md5
from random import Random

from landbridge.model.errors import Unreachable
from landbridge.verify.objects.bucket import Page
from landbridge.verify.objects.versions import Head, Version

LAG, SLEEP = 7, 60  # in ticks; one request is a tick, one sleep is many


@dataclass(frozen=True)
class Stored:
    """One version as S3 keeps it."""

    version: str
    body: str
    marker: bool = False
    parts: int = 0
    encryption: str = "AES256"
    replication: str = "COMPLETED"
    summed: bool = True  # whether a checksum of the whole was kept
    storage: str = "STANDARD"

    @property
    def etag(self) -> str:
        """Of the content, unless parts or a key of KMS made it."""
        spoilt = f"{self.parts}" if self.parts else self.version if self.encryption != "AES256" else ""
        digest = md5((self.body + spoilt).encode(), usedforsecurity=False).hexdigest()
        return f"{digest}-{self.parts}" if self.parts else digest

    def listed(self, key: str, *, latest: bool) -> Version:
        """As a listing has it."""
        return Version(key, self.version, latest, self.marker, len(self.body), "" if self.marker else self.etag, self.storage)


@dataclass
class FakeBucket:
    """One copy: for each key its versions, oldest first."""

    keys: dict[str, list[Stored]] = field(default_factory=dict)
    tick: Callable[[], None] = lambda: None
    per_page: int = 6
    pages: int = 0
    heads: int = 0
    fails_at: int = -1

    def put(self, key: str, stored: Stored) -> None:
        """On top."""
        self.keys.setdefault(key, []).append(stored)

    def page(self, after: str) -> Page:
        """Whole keys in the order of UTF-8."""
        self.tick()
        self.pages += 1
        if self.pages == self.fails_at:
            raise Unreachable("eu-central-1", "ListObjectVersions history: ReadTimeoutError")
        rest = sorted((key for key in self.keys if key.encode() > after.encode()), key=str.encode)
        found: list[Version] = []
        for key in rest:
            if found and len(found) + len(self.keys[key]) > self.per_page:
                return Page(found, found[-1].key)
            found += self._listed(key)
        return Page(found, None)

    def of(self, key: str) -> list[Version]:
        """Newest first."""
        self.tick()
        return self._listed(key)

    def head(self, version: Version) -> Head | None:
        """More of one."""
        self.tick()
        self.heads += 1
        stored = next((each for each in self.keys.get(version.key, ()) if each.version == version.version), None)
        if stored is None or stored.marker:
            return None
        sums = {"CRC64NVME": str(hash(stored.body))} if stored.summed else {}
        return Head(len(stored.body), stored.etag, stored.encryption, stored.replication, sums)

    def _listed(self, key: str) -> list[Version]:
        versions = list(reversed(self.keys.get(key, [])))
        return [stored.listed(key, latest=number == 0) for number, stored in enumerate(versions)]


@dataclass
class BucketsWorld:
    """A source, a target that lags, and writers on keys of their own."""

    chance: Random
    source: FakeBucket = field(default_factory=FakeBucket)
    target: FakeBucket = field(default_factory=FakeBucket)
    hot: int = 0
    own_ids: bool = False  # replicas get ids of their own, as in the emulator
    now: int = 0
    under_way: deque[tuple[int, str, Stored]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.source.tick = self.target.tick = self.tick

    def both(self, key: str, stored: Stored) -> None:
        """Long since on both sides."""
        self.source.put(key, stored)
        self.target.put(key, self._replica(stored))

    def tick(self) -> None:
        """A write here, an arrival there."""
        self.now += 1
        if self.hot:
            key = f"hot/{self.chance.randrange(self.hot)}"
            written = Stored(f"v{self.now}", f"body {self.now}")
            self.source.put(key, written)
            self.under_way.append((self.now + LAG, key, written))
        while self.under_way and self.under_way[0][0] <= self.now:
            _, key, stored = self.under_way.popleft()
            self.target.put(key, self._replica(stored))

    def sleep(self, _seconds: float) -> None:
        """Longer than the lag."""
        for _ in range(SLEEP):
            self.tick()

    def _replica(self, stored: Stored) -> Stored:
        """S3 says of it that it is one."""
        return replace(stored, replication="REPLICA", version=f"own-{stored.version}" if self.own_ids else stored.version)
