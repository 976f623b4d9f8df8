"""A whole region's stacks, one after the other, until they stand or are gone; for whoever has the time to wait."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.manifest import StackSpec
from landbridge.model.errors import Refused
from landbridge.model.region import Region

ATTEMPTS = 2  # one that finds a broken stack and clears it away, one that makes it anew


@dataclass(frozen=True)
class Patience:
    """How long to wait in all and between looks, and whom to tell."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    limit_seconds: float = 1800.0
    pause_seconds: float = 1.0
    tell: Callable[[Look], None] = lambda _: None


def deploy(deployer: Deployer, region: Region, patience: Patience) -> dict[str, Mapping[str, str]]:
    """Makes every stack of the region current; returns their outputs by stack."""
    ends = patience.clock() + patience.limit_seconds
    return {stack.name: _make_current(deployer, stack, region, patience, ends) for stack in deployer.stacks(region)}


def destroy(deployer: Deployer, region: Region, patience: Patience) -> None:
    """Removes every stack of the region, last deployed first."""
    ends = patience.clock() + patience.limit_seconds
    for stack in reversed(deployer.stacks(region)):
        _make_absent(deployer, stack, region, patience, ends)


def _make_current(deployer: Deployer, stack: StackSpec, region: Region, patience: Patience, ends: float) -> Mapping[str, str]:
    begun = broken = 0
    while (look := deployer.look(stack, region)).standing is not Standing.CURRENT:
        patience.tell(look)
        if look.standing is Standing.BROKEN:
            broken += 1
        if broken > 1 or (broken and begun) or begun > ATTEMPTS or patience.clock() > ends:
            raise Refused(region, f"deploying {stack.name}", look.why)
        if look.standing is not Standing.MOVING:
            deployer.begin(stack, region)
            begun += look.standing is not Standing.BROKEN
        patience.sleep(patience.pause_seconds)
    patience.tell(look)
    return look.outputs


def _make_absent(deployer: Deployer, stack: StackSpec, region: Region, patience: Patience, ends: float) -> None:
    deployer.remove(stack, region)
    begun = 1
    while (look := deployer.look(stack, region)).standing is not Standing.ABSENT:
        patience.tell(look)
        if patience.clock() > ends or (look.standing is Standing.BROKEN and begun > ATTEMPTS):
            raise Refused(region, f"removing {stack.name}", look.why)
        if look.standing is not Standing.MOVING:
            deployer.remove(stack, region)
            begun += 1
        patience.sleep(patience.pause_seconds)
