"""A stack that owns data changes its region: what exists there is imported, and the stack it came from is frozen.

A global table has one owner. Born in the source's stack, it gets its replica by API, and then the home region's stack
takes it over by an IMPORT change set. CloudFormation imports nothing together with new resources or outputs, so the
import carries the data's resources alone, and the ordinary deploy adds the rest.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from landbridge.deploy.changes import STATEFUL
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.manifest import Home, StackSpec
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

IDENTIFIERS = {
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::GlobalCluster": "GlobalClusterIdentifier",
    "AWS::S3::Bucket": "BucketName",
}
CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
VARIABLE = re.compile(r"\$\{([^!}]+)\}")
SIDES = {Home.SOURCE: Home.TARGET, Home.TARGET: Home.SOURCE}


def imports(stack: StackSpec, given: Mapping[str, str], region: Region) -> list[dict[str, Any]]:
    """The stack's resources that hold data, as CloudFormation wants to be told what to import."""
    found = []
    for logical, kind, name in data(stack, given, region):
        if kind not in IDENTIFIERS:
            raise BadInput(f"{stack.name}.{logical}", f"is a {kind}, which can't be imported by name", "import it by hand")
        if name is None:
            raise BadInput(f"{stack.name}.{logical}", "has no name that can be told before it is made", "import it by hand")
        entry = {"ResourceType": kind, "LogicalResourceId": logical, "ResourceIdentifier": {IDENTIFIERS[kind]: name}}
        found.append(entry)
    if not found:
        raise BadInput(stack.name, "holds no data, so there is nothing to take over", "deploy it without --adopt")
    return found


def data(stack: StackSpec, given: Mapping[str, str], region: Region) -> Iterator[tuple[str, str, str | None]]:
    """Each resource that holds data: its logical id, its type, and its name; None = it has none that can be told."""
    known = {**stack.defaults, **given, "AWS::Region": region}
    for logical, made in sorted(_data(stack).items()):
        kind = str(made["Type"])
        named = made["Properties"].get(IDENTIFIERS.get(kind, ""))
        yield logical, kind, None if named is None else text(named, known)


def reduced(stack: StackSpec) -> str:
    """The template with the data's resources alone, and without tags, so that the update after it sees them to be made.

    One that leans on another resource is refused.
    """
    template, held = dict(stack.template), _untagged(_data(stack))
    template.pop("Outputs", None)
    template["Resources"] = held
    if leaning := sorted(set(_references(held)) & (stack.template["Resources"].keys() - held.keys())):
        what = f"holds data that leans on {', '.join(leaning)}, which would have to be made first"
        raise BadInput(stack.name, what, "move it into a stack of its own")
    return json.dumps(template)


def other_side(stack: StackSpec, region: Region, roles: Mapping[Home, Region]) -> Region | None:
    """Where a one-sided stack may have been handed over to; None for a stack of another kind, or another region."""
    if stack.home not in SIDES or stack.link or roles[stack.home] != region:
        return None
    return roles[SIDES[stack.home]]


def kept(template: Mapping[str, Any]) -> dict[str, Any]:
    """The same, and what holds data stays when its stack goes; what would empty it then is never told that it goes.

    CloudFormation takes a change of a policy only beside another one: a mark in the metadata.
    """
    resources = {name: _kept(made) if _stays(made) else made for name, made in template["Resources"].items()}
    return {**template, "Resources": resources}


def birthplace(stack: StackSpec, region: Region, roles: Mapping[Home, Region]) -> Region | None:
    """Where a one-sided stack comes from that stands in the other side's region; None at home."""
    first = roles[stack.home] if stack.home in SIDES and not stack.link else None
    return first if first is not None and other_side(stack, first, roles) == region else None


def moved(graph: Graph, handed: Mapping[Place, Place]) -> Graph:
    """The graph after stacks were handed over: their old places are left alone."""
    return Graph({handed.get(at, at): frozenset(handed.get(need, need) for need in needs) for at, needs in graph.needs.items()})


def both(graph: Graph, handed: Mapping[Place, Place]) -> Graph:
    """Old and new places, for taking down."""
    after = moved(graph, handed).needs
    return Graph({at: graph.needs.get(at, frozenset()) | after.get(at, frozenset()) for at in [*graph.needs, *handed.values()]})


def _untagged(value: Any) -> Any:
    match value:
        case dict():
            return {name: _untagged(inner) for name, inner in value.items() if name != "Tags"}
        case list():
            return [_untagged(inner) for inner in value]
    return value


def _stays(made: Mapping[str, Any]) -> bool:
    return made["Type"] in STATEFUL or made["Type"].startswith(CUSTOM)


def _kept(made: Mapping[str, Any]) -> dict[str, Any]:
    return {**made, **KEPT, "Metadata": {**made.get("Metadata", {}), "landbridge": "given back"}}


def _data(stack: StackSpec) -> dict[str, Any]:
    return {name: made for name, made in stack.template.get("Resources", {}).items() if made["Type"] in STATEFUL}


def text(value: Any, known: Mapping[str, str]) -> str | None:
    """A plain text, a parameter, or a text with parameters in it."""
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return known.get(name)
        case {"Fn::Sub": str(pattern)} if set(VARIABLE.findall(pattern)) <= known.keys():
            return VARIABLE.sub(lambda found: known[found[1]], pattern)
    return None


def _references(value: Any) -> Iterator[str]:
    """The logical ids a piece of template names."""
    match value:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from (name.split(".")[0] for name in VARIABLE.findall(text))
        case dict():
            for inner in value.values():
                yield from _references(inner)
        case list():
            for inner in value:
                yield from _references(inner)
