"""Ways through a template as plain data."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Template = Mapping[str, Any]
LONGEST = "e" * 8  # of environments, where they are part of names
TAGS = ("Tags", "BackupPlanTags", "BackupVaultTags", "HealthCheckTags", "ResourceTags")


def resources(templates: Mapping[str, Template], *kinds: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every resource, or those of some kinds, with where it stands."""
    for stack, template in templates.items():
        for name, resource in template["Resources"].items():
            if not kinds or resource["Type"] in kinds:
                yield f"{stack}.{name}", resource


def strings(value: Any) -> Iterator[str]:
    """Every text in a value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def statements(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every policy statement in a value."""
    if isinstance(value, Mapping):
        if "Effect" in value and "Action" in value:
            yield value
        for each in value.values():
            yield from statements(each)
    elif isinstance(value, list):
        for each in value:
            yield from statements(each)


def listed(value: Any) -> list[Any]:
    """One thing or many, as a list."""
    return value if isinstance(value, list) else [value]


def filled(value: Any, suffix: str, region: str) -> str:
    """A name as it would be deployed; refuses one that isn't a plain substitution."""
    text = value["Fn::Sub"] if isinstance(value, Mapping) else value
    text = text.replace("${EnvironmentSuffix}", suffix).replace("${Environment}", LONGEST).replace("${AWS::Region}", region)
    assert not re.search(r"\$\{", text), text
    return str(text)


def copies(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where a resource keeps tags and backups: each replica of a global table, else its own properties."""
    replicas = resource["Properties"].get("Replicas", [resource["Properties"]])
    return [replica["Fn::If"][1] if "Fn::If" in replica else replica for replica in replicas]


def tags_of(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tags, whichever of CloudFormation's ways they are spelled in."""
    tags = next((holder[name] for name in TAGS if name in holder), None)
    assert tags is not None
    return tags if isinstance(tags, Mapping) else {tag["Key"]: tag["Value"] for tag in tags}
