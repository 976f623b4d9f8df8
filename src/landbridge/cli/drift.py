"""`landbridge drift`: what differs in AWS from what the stacks' templates made."""

from concurrent.futures import ThreadPoolExecutor

import typer

from landbridge.cli.choice import AsJson, Choice, File, Only, Platform, Profile, Regions, Run, Templates
from landbridge.cli.exits import Exit
from landbridge.cli.ground import ground_of
from landbridge.cli.migrate import TEMPLATES
from landbridge.deploy.drift import drift as find_drift
from landbridge.deploy.walk import AT_ONCE


def drift(
    platform: Platform,
    region: Regions = None,
    only: Only = None,
    as_json: AsJson = False,
    run: Run = None,
    profile: Profile = None,
    config: File = None,
    templates: Templates = TEMPLATES,
) -> None:
    """Show what was changed by hand, or by us; exit code 1 when something is not as it should be."""
    ground = ground_of(Choice(platform, region, only, config, templates, run, profile, as_json))
    places = ground.graph.order()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [each for told in pool.map(lambda at: find_drift(ground.deployer, at, ground.sleep), places) for each in told]
    for each in found:
        data = {"region": each.place.region, "stack": each.place.stack, "resource": each.resource, "type": each.kind}
        ground.say({**data, "what": each.what, "expected": each.expected}, str(each))
    bad = sum(not each.expected for each in found)
    ground.say({"drifted": bad, "places": len(places)}, f"{bad} properties of {len(places)} stacks are not as they should be")
    if bad:
        raise typer.Exit(Exit.FAILED)
