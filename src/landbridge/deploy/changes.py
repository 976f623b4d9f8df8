"""What a change set is going to do, as sentences, and which of it would destroy something that holds data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

STATEFUL = frozenset(
    {
        "AWS::Backup::BackupVault",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::KMS::ReplicaKey",
        "AWS::Kinesis::Stream",
        "AWS::KinesisAnalyticsV2::Application",
        "AWS::Logs::LogGroup",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::RDS::GlobalCluster",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }
)
TABLE, GLOBAL_TABLE = "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"


class Act(StrEnum):
    """What happens to a resource."""

    ADD = "add"
    CHANGE = "change"
    REPLACE = "replace"
    PERHAPS = "perhaps replace"
    REMOVE = "remove"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What happens to one resource, and the properties that cause it."""

    act: Act
    resource: str
    kind: str
    causes: tuple[str, ...] = ()

    @property
    def destroys(self) -> bool:
        """Whether what the resource holds would be lost with it."""
        return self.kind in STATEFUL and self.act in {Act.REPLACE, Act.PERHAPS, Act.REMOVE}

    def __str__(self) -> str:
        because = f" because of {', '.join(self.causes)}" if self.causes else ""
        return f"{self.act} {self.resource} ({self.kind}){because}"


def listed(page: Mapping[str, Any]) -> Iterator[ResourceChange]:
    """The changes on a page of a change set's description."""
    for entry in page.get("Changes", ()):
        if found := entry.get("ResourceChange"):
            yield ResourceChange(_act(found), str(found["LogicalResourceId"]), str(found["ResourceType"]), _causes(found))


def of_template(template: Mapping[str, Any]) -> tuple[ResourceChange, ...]:
    """What a stack that isn't there yet would add."""
    resources = template.get("Resources", {})
    return tuple(ResourceChange(Act.ADD, name, str(made["Type"])) for name, made in sorted(resources.items()))


def turned_global(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Tables that the new template wants as global tables: under their own id, or another one with the same name."""
    tables = {name: made for name, made in old.get("Resources", {}).items() if made.get("Type") == TABLE}
    names = [_named(made) for made in tables.values() if _named(made)]
    turned = [
        name
        for name, made in new.get("Resources", {}).items()
        if made.get("Type") == GLOBAL_TABLE and (name in tables or _named(made) in names)
    ]
    return tuple(sorted(turned))


def _named(made: Mapping[str, Any]) -> Any:
    return made.get("Properties", {}).get("TableName")


def _act(found: Mapping[str, Any]) -> Act:
    """A property that can't change in place counts even where CloudFormation leaves open whether its value will change."""
    match found.get("Action"):
        case "Add":
            return Act.ADD
        case "Remove":
            return Act.REMOVE
        case "Import":
            return Act.IMPORT
    if found.get("Replacement") == "True":
        return Act.REPLACE
    needs = {detail.get("Target", {}).get("RequiresRecreation") for detail in found.get("Details", ())}
    return Act.PERHAPS if "Always" in needs else Act.CHANGE


def _causes(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Properties by name, those that force the replacement alone where there is one, with the parameter behind them."""
    details = found.get("Details", ())
    forcing = [detail for detail in details if detail.get("Target", {}).get("RequiresRecreation") == "Always"]
    causes: dict[str, str] = {}
    for detail in forcing or details:
        target, entity = detail.get("Target", {}), detail.get("CausingEntity", "")
        name = str(target.get("Name") or target.get("Attribute", ""))
        causes[name] = f"{name} (by {entity})" if entity else causes.get(name, name)
    return tuple(causes[name] for name in sorted(causes) if name)
