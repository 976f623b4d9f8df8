"""From the platform's configuration and other stacks' outputs to a stack's parameters; nothing is copied by hand."""

from collections.abc import Callable, Mapping

from landbridge.config.spec import Pens, Platform
from landbridge.deploy.manifest import Feed, StackSpec
from landbridge.model.errors import Refused

Outputs = Callable[[Feed], str | None]


def settings(platform: Platform, pens: Pens, functions_key: str) -> dict[str, str]:
    """What the configuration says to any stack that asks for it; other parameters keep the template's default."""
    return {
        "BirthRegion": platform.source,
        "CostCenter": platform.cost_center,
        "Environment": platform.environment,
        "EnvironmentSuffix": platform.environment_suffix,
        "Fences": str(pens.fences),
        "FunctionsKey": functions_key,
        "HoldSeconds": f"{pens.hold_seconds:g}",
        "ReplicaRegion": platform.target,
        "StreamRetentionHours": str(pens.stream_retention_hours),
    }


def values(stack: StackSpec, known: Mapping[str, str], outputs: Outputs) -> dict[str, str] | str:
    """The stack's parameters, or in words what is missing for them."""
    given = {name: known[name] for name in stack.parameters if name in known}
    for parameter, feed in sorted(stack.feeds.items()):
        value = outputs(feed)
        if value is None and stack.may_lack(parameter):
            continue
        if value is None:
            return f"{parameter} comes from {feed.stack}.{feed.output}, which is not deployed yet"
        given[parameter] = value
    return given


def missing(region: str, stack: StackSpec, what: str) -> Refused:
    """That a stack can't be begun before another."""
    return Refused(region, f"deploying {stack.name}", what)
