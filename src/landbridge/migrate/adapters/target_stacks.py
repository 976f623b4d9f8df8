"""One region's stacks as the step that deploys them sees them."""

from dataclasses import dataclass

from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.model.region import Region


@dataclass(frozen=True)
class RegionStacks:
    """The deployer, held to one region."""

    deployer: Deployer
    region: Region

    def _looks(self) -> dict[str, Look]:
        return {stack.name: self.deployer.look(stack, self.region) for stack in self.deployer.stacks(self.region)}

    def _that_are(self, *standings: Standing) -> list[str]:
        return [name for name, look in self._looks().items() if look.standing in standings]

    def missing(self) -> list[str]:
        """What is not yet there as the templates want it, in the order it must come."""
        return self._that_are(Standing.ABSENT, Standing.STALE)

    def moving(self) -> list[str]:
        """What is being created, updated or deleted right now."""
        return self._that_are(Standing.MOVING)

    def broken(self) -> list[str]:
        """What failed, each with its first cause."""
        return [f"{name}: {look.why}" for name, look in self._looks().items() if look.standing is Standing.BROKEN]

    def standing(self) -> list[str]:
        """What exists, in any state."""
        return self._that_are(Standing.STALE, Standing.MOVING, Standing.CURRENT, Standing.BROKEN)

    def begin(self, stack: str) -> None:
        """Start to create or update a stack."""
        self.deployer.begin(self.deployer.stack(stack), self.region)

    def remove(self, stack: str) -> None:
        """Start to delete a stack with everything in it."""
        self.deployer.remove(self.deployer.stack(stack), self.region)
