"""From the platform's configuration and other stacks' outputs to a stack's parameters; nothing is copied by hand."""

from collections.abc import Callable, Mapping

from landbridge.config.spec import Pens, Platform
from landbridge.deploy.manifest import Feed, StackSpec
from landbridge.model.errors import Refused

Outputs = Callable[[Feed], str | None]


def settings(platform: Platform, pens: Pens | None, functions_key: str) -> dict[str, str]:
    """What the configuration says to any stack that asks for it; other parameters keep the template's default."""
    return {
        **(_of_pens(pens) if pens else {}),
        "BirthRegion": platform.source,
        "CostCenter": platform.cost_center,
        "Environment": platform.environment,
        "EnvironmentSuffix": platform.environment_suffix,
        "FunctionsKey": functions_key,
        "ReplicaRegion": platform.target,
    }


def _of_pens(pens: Pens) -> dict[str, str]:
    hours, hold = pens.stream_retention_hours, pens.hold_seconds
    return {"Fences": str(pens.fences), "HoldSeconds": f"{hold:g}", "StreamRetentionHours": str(hours)}


def values(stack: StackSpec, known: Mapping[str, str], outputs: Outputs) -> dict[str, str] | str:
    """The stack's parameters, or in words what is missing for them; what is known of one stack alone is under its name."""
    told = {name: known.get(f"{stack.name}.{name}", known.get(name)) for name in stack.parameters}
    given = {name: value for name, value in told.items() if value is not None}
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
