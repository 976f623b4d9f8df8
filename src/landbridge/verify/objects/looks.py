"""What differs in a bucket, or is said to, is looked at as it is now: listed anew, then asked for checksums and fate."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from landbridge.model.held import CUSTOMERS, Group, Reason, why_not
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.objects.bucket import Copy, of_keys
from landbridge.verify.objects.versions import NULL, Rule, Version, alike, key_of
from landbridge.verify.settle import Seen, difference
from landbridge.verify.sides import at_once

FAILED = "FAILED"
Versions = Pair[list[Version]]
T = TypeVar("T")


@dataclass
class Looks:
    """Looks at names of both copies and remembers what each held then; of so many at once it asks for more.

    `leave` says what may stay behind on one side, by whose decision and why: a name that differs by nothing else carries that.
    """

    copies: Pair[Copy]
    rule: Rule
    leave: Mapping[Reason, str] = field(default_factory=dict)
    behind: Side = Side.SOURCE  # where that stays
    many: int = 1
    _last: dict[str, Versions] = field(default_factory=dict)

    def look(self, names: Iterable[str]) -> dict[str, Seen]:
        """Each name as it is now; what is alike by checksum has the same text on both sides."""
        self._last.update(self._listed(list(names)))
        return self._each(lambda name: self._seen(name, self._last[name]), list(names))

    def differences(self, store: str, found: Mapping[str, Seen]) -> list[Difference]:
        """As they are named in a result, by the last look; what S3 itself calls failed, is."""
        gave_up = self.failed(found)
        named = {name: self._named(store, name, seen, failed=name in gave_up) for name, seen in found.items()}
        if self.leave:
            left = self._each(self._left, list(named))
            named = {name: replace(each, left=left[name]) for name, each in named.items()}
        return list(named.values())

    def failed(self, names: Iterable[str]) -> set[str]:
        """Which of these S3 gave up copying."""
        return {name for name, gave_up in self._each(self._gave_up, list(names)).items() if gave_up}

    def _each(self, ask: Callable[[str], T], names: list[str]) -> dict[str, T]:
        with ThreadPoolExecutor(self.many) as pool:
            return dict(zip(names, pool.map(ask, names), strict=True))

    def _named(self, store: str, name: str, seen: Seen, *, failed: bool) -> Difference:
        return Difference(store, name, Side.TARGET, Kind.FAILED) if failed else difference(store, name, seen)

    def _listed(self, names: list[str]) -> dict[str, Versions]:
        """What both copies hold of each name."""
        wanted = {name: key_of(name) if self.rule.same_ids else (name, "") for name in names}
        found = at_once(self.copies, lambda copy: of_keys(copy, {key for key, _ in wanted.values()}))
        return {
            name: Pair(_only(found.source[key], version), _only(found.target[key], version))
            for name, (key, version) in wanted.items()
        }

    def _seen(self, name: str, versions: Versions) -> Seen:
        seen = versions.map(lambda found: self.rule.entries(found).get(name))
        if seen.source == seen.target or not self._alike(versions):
            return seen
        return Pair(seen.source, seen.source)

    def _left(self, name: str) -> str:
        """By whose decision it differs; empty = what is left behind is not all that differs."""
        versions = self._last[name]
        every = versions.source if self.behind is Side.SOURCE else versions.target
        reasons = [self._reason(each) for each in every]
        held = {reason: self.leave[reason] for reason in reasons if reason is not None}
        copied = [each for each, reason in zip(every, reasons, strict=True) if reason is None]
        copied = [replace(each, latest=not number) for number, each in enumerate(copied)]
        sides = Pair(copied, versions.target) if self.behind is Side.SOURCE else Pair(versions.source, copied)
        seen = self._seen(name, sides)
        return (
            "; ".join(f"{reason}: {decided}" for reason, decided in held.items()) if held and seen.source == seen.target else ""
        )

    def _reason(self, version: Version) -> Reason | None:
        """Why a version stays behind, where a decision lets it."""
        copy = self.copies.source if self.behind is Side.SOURCE else self.copies.target
        customers = Reason.CUSTOMERS_KEY in self.leave and not version.marker
        head = copy.head(version) if customers else None
        encryption = CUSTOMERS if head is not None and head.encryption == "customer" else ""
        reason = why_not(Group(version.storage, encryption, version.version != NULL, version.marker))
        return reason if reason in self.leave else None

    def _gave_up(self, name: str) -> bool:
        heads = [self.copies.source.head(version) for version in self._last[name].source if not version.marker]
        return any(head is not None and head.replication == FAILED for head in heads)

    def _alike(self, versions: Versions) -> bool:
        """Whether they are the same one by one, where the listing alone can't tell."""
        pairs = list(zip(versions.source, versions.target, strict=False))
        if len(versions.source) != len(versions.target):
            return False
        return all(self._same(source, target) for source, target in pairs)

    def _same(self, source: Version, target: Version) -> bool:
        if source.marker or target.marker or source.size != target.size:
            return source.marker and target.marker
        if source.etag == target.etag:
            return True
        heads = self.copies.source.head(source), self.copies.target.head(target)
        return heads[0] is not None and heads[1] is not None and alike(heads[0], heads[1])


def _only(versions: list[Version], wanted: str) -> list[Version]:
    """One version, or without a name for it every one."""
    return [each for each in versions if wanted in {"", each.version}]
