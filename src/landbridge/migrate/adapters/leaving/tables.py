"""The stacks that own global tables, taken over by the region that stays: an import, then the rest of their template."""

from collections.abc import Iterator
from dataclasses import dataclass

from landbridge.deploy import handover
from landbridge.deploy.changes import GLOBAL_TABLE
from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.manifest import StackSpec
from landbridge.model.errors import Refused
from landbridge.model.region import Region


@dataclass(frozen=True)
class HandedTables:
    """From the source's stacks to those of the target; the deployer refuses to change the old ones from then on."""

    deployer: Deployer
    source: Region
    target: Region
    alone: Deployer  # as things should be once the source is gone: what it has changed is no less the target's
    takes_at_most: float = 0.0  # an import that comes late finds the stack there

    def stacks(self) -> Iterator[StackSpec]:
        """Those of the source alone that own tables of many regions."""
        for stack in self.deployer.manifest.stacks:
            kinds = {made["Type"] for made in stack.template["Resources"].values()}
            if GLOBAL_TABLE in kinds and handover.other_side(stack, self.source, self.deployer.roles) == self.target:
                yield stack

    def foreign(self) -> list[str]:
        """Not there, or there without the rest of the template."""
        return self._that_are(Standing.ABSENT, Standing.STALE)

    def owned(self) -> list[str]:
        """Whole."""
        return self._that_are(Standing.CURRENT)

    def moving(self) -> list[str]:
        """Being imported or changed."""
        return self._that_are(Standing.MOVING)

    def broken(self) -> list[str]:
        """With the first cause."""
        return [look.why for _, look in self._looks() if look.standing is Standing.BROKEN]

    def take(self, thing: str) -> None:
        """One change set: an import takes nothing but the tables, so the rest is another one."""
        stack = self.deployer.stack(thing)
        if not self.deployer.adopt(stack, self.target):
            self.deployer.begin(stack, self.target)

    def give_back(self, thing: str) -> None:
        """Refused: a stack that is deleted deletes its tables, so letting go takes a template that keeps them."""
        fix = "deploy it with DeletionPolicy Retain by hand, then delete it"
        raise Refused(self.target, f"giving {thing} back", f"its stack would delete what it owns; {fix}")

    def _that_are(self, *standings: Standing) -> list[str]:
        return [name for name, look in self._looks() if look.standing in standings]

    def _looks(self) -> Iterator[tuple[str, Look]]:
        for stack in self.stacks():
            look = self.deployer.look(stack, self.target)
            yield stack.name, self.alone.look(stack, self.target) if look.standing is Standing.STALE else look
