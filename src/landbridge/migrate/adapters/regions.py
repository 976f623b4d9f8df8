"""What stands in the way before anything is touched, and how far the clocks are apart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from landbridge.deploy.deployer import Deployer, Standing
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.pens import Pens
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Pair, Region
from landbridge.replicate.global_table import GlobalTableReplicator


@dataclass(frozen=True)
class LiveRegions:
    """Both regions as preflight sees them."""

    deployer: Deployer
    apis: HttpApis
    regions: Pair[Region]
    replicator: GlobalTableReplicator
    pens: Pens
    clock: Callable[[], float]
    data: tuple[Callable[[], Iterable[str]], ...] = ()  # looks at what each store holds

    def obstacles(self) -> list[str]:
        """The source must stand whole and hold the pen; the target must hold nothing half made, and nothing of others."""
        found = []
        alone = [stack for stack in self.deployer.stacks(self.regions.source) if not stack.link]  # links come with the target
        for stack in alone:
            look = self.deployer.look(stack, self.regions.source)
            if look.standing not in {Standing.CURRENT, Standing.STALE}:
                found.append(
                    f"stack {stack.name} in {self.regions.source} is {look.standing} ({look.why}): deploy the source first"
                )
        for stack in self.deployer.stacks(self.regions.target):
            look = self.deployer.look(stack, self.regions.target)
            if look.standing is Standing.BROKEN:
                found.append(f"stack {stack.name} in {self.regions.target} is broken ({look.why}): delete it, then go on")
        if self._seized_from():
            found.append(
                f"{' and '.join(self.regions)} both hold the state pen: finish the seize, which closes the one seized from"
            )
        if not self.pens.read(self.regions.source, Domain.STATE).any_is(PenState.OPEN):
            found.append(f"{self.regions.source} does not hold the state pen: a move begins where the pen is")
        if self.replicator.stranger():
            name = self.replicator.table
            found.append(f"{self.regions.target} has a table {name} that is no copy of the source's: rename or delete it first")
        return found or [each for look in self.data for each in look()]

    def _seized_from(self) -> bool:
        """Whether both sides hold the pen; a target without a pens stack holds nothing."""
        target, stack = self.regions.target, self.deployer.stack("pens")
        stands = self.deployer.look(stack, target).standing in {Standing.CURRENT, Standing.STALE}
        sides = self.regions if stands else (self.regions.source,)
        return len([side for side in sides if self.pens.read(side, Domain.STATE).any_is(PenState.OPEN)]) > 1

    def skew(self) -> timedelta:
        """How far the regions' clocks are apart; before the target has an API, ours stands for its clock."""
        source = self.apis.ahead(self.regions.source, self.clock)
        deployed = self.deployer.outputs(self.deployer.stack("api"), self.regions.target)
        target = self.apis.ahead(self.regions.target, self.clock) if deployed else 0.0
        return timedelta(seconds=abs(source - target))
