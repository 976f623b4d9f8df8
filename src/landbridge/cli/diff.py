"""`landbridge diff`: what a deploy would change, resource by resource, with the property that causes it."""

from collections.abc import Sequence

from landbridge.cli.choice import AsJson, Choice, File, Only, Platform, Profile, Regions, Run, Templates
from landbridge.cli.ground import Ground, ground_of
from landbridge.cli.migrate import TEMPLATES
from landbridge.deploy.run import Foreseen, foresee_all


def diff(
    platform: Platform,
    region: Regions = None,
    only: Only = None,
    as_json: AsJson = False,
    run: Run = None,
    profile: Profile = None,
    config: File = None,
    templates: Templates = TEMPLATES,
) -> None:
    """Show what a deploy would change; nothing is changed."""
    ground = ground_of(Choice(platform, region, only, config, templates, run, profile, as_json))
    show(ground, foresee_all(ground.deployer, ground.graph))


def show(ground: Ground, foreseen: Sequence[Foreseen]) -> int:
    """Place by place, in the order of deployment; how many places would change."""
    changing = 0
    for each in foreseen:
        changing += not each.current
        changes = [
            {"act": change.act, "resource": change.resource, "type": change.kind, "causes": change.causes}
            for change in each.changes
        ]
        data = {"region": each.place.region, "stack": each.place.stack, "why": each.why, "changes": changes}
        ground.say(data, "\n".join([each.why, *(f"  {change}" for change in each.changes)]))
    ground.tell_what_is_lacking()
    ground.say({"changing": changing, "places": len(foreseen)}, f"{changing} of {len(foreseen)} stacks would change")
    return changing
