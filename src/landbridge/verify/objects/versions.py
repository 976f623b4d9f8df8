"""What a bucket holds of a key: its versions and delete markers, and what of them must be the same on both sides.

Equal are two versions of one size whose ETags agree, or whose full checksums of one algorithm agree; where neither can
tell (parts or keys of KMS make an ETag of their own, and no checksum is kept), the size decides. The storage class, the
time and the owner say nothing. On AWS a replica keeps its version id; where copies get new ones, a key's newest version
and the collection of its older ones are compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from landbridge.model.state import is_reserved

MARK = "?versionId="
NULL = "null"  # the version of what was put before versions were kept
UNSAID = frozenset({"aws:kms", "aws:kms:dsse", "customer"})  # encryptions that make an ETag say nothing of the content


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a key, or a delete marker."""

    key: str
    version: str
    latest: bool
    marker: bool
    size: int
    etag: str
    storage: str = ""

    @property
    def content(self) -> str:
        """What a listing tells of it."""
        return "marker" if self.marker else f"{self.size}:{self.etag}"


@dataclass(frozen=True, slots=True)
class Head:
    """What one request about one version tells."""

    size: int
    etag: str
    encryption: str = ""
    replication: str = ""
    checksums: Mapping[str, str] = field(default_factory=dict)  # of the whole object, by algorithm

    def says(self) -> bool:
        """Whether the ETag is one of the content."""
        return "-" not in self.etag and self.encryption not in UNSAID


def alike(source: Head, target: Head) -> bool:
    """Whether the two hold the same."""
    if source.size != target.size or source.etag == target.etag:
        return source.size == target.size
    if shared := source.checksums.keys() & target.checksums.keys():
        return all(source.checksums[name] == target.checksums[name] for name in shared)
    return not (source.says() and target.says())


@dataclass(frozen=True, slots=True)
class Rule:
    """What is compared by the listing alone."""

    same_ids: bool = True  # replicas keep their version ids, as on AWS
    etags: bool = True  # False where keys of KMS encrypt: the listing's sizes decide, and no request an object is made
    markers: bool = True  # False where the replication rule leaves delete markers out

    def entries(self, versions: Iterable[Version]) -> dict[str, str]:
        """What is compared, by name, of whole keys in their order."""
        kept = [each for each in versions if (self.markers or not each.marker) and not is_reserved(each.key)]
        if self.same_ids:
            return {version.key + MARK + version.version: self.content(version) for version in kept}
        return {key: self._together(group) for key, group in groupby(kept, key=lambda version: version.key)}

    def named(self, name: str) -> str:
        """What is compared of a version that a list names: itself, or its whole key where copies have ids of their own."""
        return name if self.same_ids else key_of(name)[0]

    def content(self, version: Version) -> str:
        """What counts of one version."""
        return version.content if self.etags or version.marker else str(version.size)

    def _together(self, versions: Iterable[Version]) -> str:
        every = list(versions)
        newest = [self.content(version) for version in every if version.latest]
        return " ".join([*newest, "|", *sorted(self.content(version) for version in every if not version.latest)])


def key_of(name: str) -> tuple[str, str]:
    """A name's key and version; no version where a whole key is named."""
    key, mark, version = name.rpartition(MARK)
    return (key, version) if mark else (name, "")
