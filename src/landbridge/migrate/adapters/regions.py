"""What stands in the way before anything is touched, and how far the clocks are apart."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from landbridge.deploy.deployer import Deployer, Standing
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.pens import Pens
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Pair, Region
from landbridge.replicate.global_table import GlobalTableReplicator

Looks = Callable[[], Iterable[str]]


@dataclass(frozen=True)
class LiveRegions:
    """Both regions as preflight sees them."""

    deployer: Deployer
    apis: HttpApis
    regions: Pair[Region]
    replicators: Sequence[GlobalTableReplicator]
    held: Looks  # what is held where it must not be
    clock: Callable[[], float]
    api: str = "api"  # the stack with which a region begins to answer
    adopts: Callable[[], Collection[str]] = tuple  # the source's stacks that will take over what runs

    def obstacles(self) -> list[str]:
        """The source must stand whole and hold a pen; the target must hold nothing half made, and nothing of others."""
        found = []
        coming = self.adopts()
        stacks = self.deployer.stacks(self.regions.source)
        alone = [stack for stack in stacks if not stack.link and stack.name not in coming]  # links come with the target
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
        return [*found, *self.held(), *self._strangers()]

    def _strangers(self) -> Iterator[str]:
        for table in (each.table for each in self.replicators if each.stranger()):
            yield f"{self.regions.target} has a table {table} that is no copy of the source's: rename or delete it first"

    def skew(self) -> timedelta:
        """How far the regions' clocks are apart; before the target has an API, ours stands for its clock.

        A target that was deployed beforehand is not well before the tables are copied.
        """
        source = self.apis.ahead(self.regions.source, self.clock)
        deployed = self.deployer.outputs(self.deployer.stack(self.api), self.regions.target)
        target = self.apis.ahead(self.regions.target, self.clock, well=False) if deployed else 0.0
        return timedelta(seconds=abs(source - target))


@dataclass(frozen=True)
class PensHeld:
    """Who holds which pen as a move begins."""

    deployer: Deployer
    pens: Pens
    regions: Pair[Region]
    domains: tuple[Domain, ...]

    def __call__(self) -> Iterator[str]:
        """Each pen is held once, and one at least where the move begins: the others may have moved before."""
        source, target = (self._held(region) for region in self.regions)
        for domain in self.domains:
            if domain in source & target:
                both = " and ".join(self.regions)
                yield f"{both} both hold the {domain} pen: finish the seize, which closes the one seized from"
            elif domain not in source and not (source and domain in target):
                yield f"{self.regions.source} does not hold the {domain} pen: a move begins where the pen is"

    def _held(self, region: Region) -> set[Domain]:
        """A target without a pens stack holds nothing."""
        if region == self.regions.target and not self._stands("pens", region):
            return set()
        return {domain for domain in self.domains if self.pens.read(region, domain).any_is(PenState.OPEN)}

    def _stands(self, stack: str, region: Region) -> bool:
        return self.deployer.look(self.deployer.stack(stack), region).standing in {Standing.CURRENT, Standing.STALE}
