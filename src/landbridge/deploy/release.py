"""A stack lets go of its data: it is marked to stay, then the stack is deleted, and what it held goes on as it is.

The stack is named by its own id, so that a call that comes late never meets another stack of the same name.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from landbridge.deploy.changeset import Change, Sleep, bring_about
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.guard import refuse_harm
from landbridge.deploy.handover import kept
from landbridge.deploy.manifest import StackSpec
from landbridge.model.region import Region


def release(deployer: Deployer, stack: StackSpec, region: Region, sleep: Sleep) -> None:
    """Starts the next of the two, and returns; a stack that is gone or under way is left alone."""
    with deployer.calls(stack, region) as live:
        found = live.find()
        if found is None or found["StackStatus"].endswith("_IN_PROGRESS"):
            return
        template = live.template()
        staying = kept(template)
        if staying == template:
            live.cloudformation.delete_stack(StackName=found["StackId"])
            return
        change = _marking(live.name, region, found, json.dumps(staying))
        bring_about(
            live.cloudformation, change, sleep, lambda changes: refuse_harm(live.name, region, changes, allowed=frozenset())
        )


def _marking(name: str, region: Region, found: Mapping[str, Any], body: str) -> Change:
    """With everything else as it was given to the stack: the templates of today may be others."""
    given = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())}
    tags = {each["Key"]: each["Value"] for each in found.get("Tags", ())}
    digest = hashlib.sha256(f"{found['StackId']} {body}".encode()).hexdigest()
    return Change(name, region, "UPDATE", body, given, tags, f"keep-{digest}")
