"""What no change set may do by the way: destroy what holds data."""

from collections.abc import Mapping, Sequence
from typing import Any

from landbridge.deploy.changes import ResourceChange, turned_global
from landbridge.model.errors import Refused

SAFE_WAY = (
    "a Table becomes a GlobalTable only by import: deploy it with DeletionPolicy Retain, take it out of the template and deploy, "
    "then put it in as GlobalTable and run deploy with --adopt"
)


def refuse_harm(stack: str, region: str, changes: Sequence[ResourceChange], allowed: frozenset[str]) -> None:
    """Refused when something that holds data would be replaced or removed and nobody named it."""
    if harm := [change for change in changes if change.destroys and change.resource not in allowed]:
        told = "; ".join(map(str, harm))
        fix = " ".join(f"--allow-replace {change.resource}" for change in harm)
        names = ", ".join(change.resource for change in harm)
        raise Refused(region, f"the change of {stack}", f"it would destroy {names} ({told}); if that is meant, add {fix}")


def refuse_turning_global(stack: str, region: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Always refused: CloudFormation may delete the table with everything in it."""
    if turned := turned_global(old, new):
        why = f"it would turn {', '.join(turned)} into a GlobalTable in place; {SAFE_WAY}"
        raise Refused(region, f"the change of {stack}", why)


def refuse_remains(stack: str, region: str, holding: Sequence[str], allowed: frozenset[str]) -> None:
    """Refused when a stack that can only be made anew still holds data nobody named."""
    if remains := [name for name in holding if name not in allowed]:
        why = f"it can only be made anew, and still holds {', '.join(remains)}"
        fix = " ".join(f"--allow-replace {name}" for name in remains)
        raise Refused(
            region, f"making {stack} anew", f"{why}; if that may be lost, add {fix}, or run `landbridge destroy --only`"
        )
