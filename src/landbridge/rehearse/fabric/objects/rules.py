"""Which rule of a bucket's replication configuration covers an object, and what that rule asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
ENABLED = "Enabled"


@dataclass(frozen=True, slots=True)
class Rule:
    """One enabled rule."""

    prefix: str
    tags: Mapping[str, str]
    priority: int
    bucket: str  # where copies go
    storage_class: str  # of copies; empty = as the source's
    markers: bool
    modifications: bool  # tags changed at a copy are brought back

    def covers(self, key: str) -> bool:
        """By the key alone."""
        return key.startswith(self.prefix)

    def takes(self, tags: Mapping[str, str]) -> bool:
        """By the tags alone."""
        return all(tags.get(name) == value for name, value in self.tags.items())


def rules(configuration: Json) -> tuple[Rule, ...]:
    """The enabled ones, the highest priority first."""
    found = [_rule(each) for each in configuration.get("Rules", ()) if each.get("Status") == ENABLED]
    return tuple(sorted(found, key=lambda rule: -rule.priority))


def covering(found: Iterable[Rule], key: str) -> Rule | None:
    """The first that covers the key."""
    return next((rule for rule in found if rule.covers(key)), None)


def _rule(given: Json) -> Rule:
    where = given.get("Filter", {})
    both = where.get("And", {})
    tags = [where["Tag"]] if "Tag" in where else both.get("Tags", [])
    chosen, destination = given.get("SourceSelectionCriteria", {}), given["Destination"]
    return Rule(
        str(given.get("Prefix") or where.get("Prefix") or both.get("Prefix") or ""),
        {tag["Key"]: tag["Value"] for tag in tags},
        int(given.get("Priority", 0)),
        str(destination["Bucket"]).rpartition(":")[2],
        str(destination.get("StorageClass", "")),
        "Filter" not in given or _on(given, "DeleteMarkerReplication"),
        _on(chosen, "ReplicaModifications"),
    )


def _on(given: Json, name: str) -> bool:
    return bool(given.get(name, {}).get("Status") == ENABLED)
