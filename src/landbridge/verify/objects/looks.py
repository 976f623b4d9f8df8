"""What differs in a bucket, or is said to, is looked at as it is now: listed anew, then asked for checksums and fate."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.objects.bucket import Copy
from landbridge.verify.objects.versions import Rule, Version, alike, key_of
from landbridge.verify.settle import Seen, difference

FAILED = "FAILED"


@dataclass
class Looks:
    """Looks at names of both copies, and remembers which of them replication gave up."""

    copies: Pair[Copy]
    rule: Rule
    failed: set[str] = field(default_factory=set)

    def look(self, names: Iterable[str]) -> dict[str, Seen]:
        """Each name as it is now; what is alike by checksum has the same text on both sides."""
        return {name: self._one(name) for name in names}

    def difference(self, store: str, name: str, seen: Seen) -> Difference:
        """As it is named in a result; what S3 itself calls failed, is."""
        return Difference(store, name, Side.TARGET, Kind.FAILED) if name in self.failed else difference(store, name, seen)

    def _one(self, name: str) -> Seen:
        key, wanted = key_of(name) if self.rule.same_ids else (name, "")
        versions = self.copies.map(lambda copy: [each for each in copy.of(key) if wanted in {"", each.version}])
        seen = versions.map(lambda found: self.rule.entries(found).get(name))
        self._remember(name, versions.source)
        if seen.source == seen.target or not self._alike(versions):
            return seen
        return Pair(seen.source, seen.source)

    def _remember(self, name: str, source: list[Version]) -> None:
        heads = [self.copies.source.head(version) for version in source if not version.marker]
        told = any(head is not None and head.replication == FAILED for head in heads)
        (self.failed.add if told else self.failed.discard)(name)

    def _alike(self, versions: Pair[list[Version]]) -> bool:
        """Whether they are the same one by one, where the listing alone can't tell."""
        pairs = list(zip(versions.source, versions.target, strict=False))
        if len(versions.source) != len(versions.target):
            return False
        return all(self._same(source, target) for source, target in pairs)

    def _same(self, source: Version, target: Version) -> bool:
        if source.marker or target.marker or source.size != target.size:
            return source.marker and target.marker
        heads = self.copies.source.head(source), self.copies.target.head(target)
        return heads[0] is not None and heads[1] is not None and alike(heads[0], heads[1])
