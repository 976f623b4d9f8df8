"""`landbridge outputs`: what the deployed stacks tell about themselves."""

from landbridge.cli.choice import AsJson, Choice, File, Only, Platform, Profile, Regions, Run, Templates
from landbridge.cli.ground import ground_of
from landbridge.cli.migrate import TEMPLATES


def outputs(
    platform: Platform,
    region: Regions = None,
    only: Only = None,
    as_json: AsJson = False,
    run: Run = None,
    profile: Profile = None,
    config: File = None,
    templates: Templates = TEMPLATES,
) -> None:
    """Print the outputs of the deployed stacks."""
    ground = ground_of(Choice(platform, region, only, config, templates, run, profile, as_json))
    for place in ground.graph.order():
        found = ground.deployer.outputs(ground.deployer.stack(place.stack), place.region)
        for name, value in sorted(found.items()):
            data = {"region": place.region, "stack": place.stack, "output": name, "value": value}
            ground.say(data, f"{place.region:<14} {place.stack:<12} {name:<22} {value}")
