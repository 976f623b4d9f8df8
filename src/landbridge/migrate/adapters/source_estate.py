"""What runs at the source, as the step that takes it over sees it: stack by stack, by the names our templates give.

A stack that stands owns its data; one that does not, and whose data runs, imports all of it and then makes the rest of its
template around it. Given back, its data goes on, and the stack goes without it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.estate import Estate, Held
from landbridge.deploy.lock import DeployLock
from landbridge.deploy.release import release

FRESH_SECONDS = 0.5  # one tick asks several questions of the same stacks


@dataclass
class SourceEstate:
    """One region's estate; while somebody else deploys, that is under way."""

    estate: Estate
    lock: DeployLock
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    takes_at_most: float = 0.0  # an import that comes late finds the stack there; what is given back is named by its stack's id
    _seen: tuple[float, tuple[Held, ...]] | None = field(default=None, init=False)

    def foreign(self) -> list[str]:
        """The stacks whose data runs and is not theirs yet, or not with the rest of their template."""
        return [held.place.stack for held in self._held() if held.foreign]

    def owned(self) -> list[str]:
        """The stacks that own what runs."""
        return [held.place.stack for held in self._held() if held.owned and held.found]

    def moving(self) -> list[str]:
        """What is being imported, changed or let go, or who deploys."""
        holder = self.lock.holder()
        others = [f"a deploy of {holder.holder} since {holder.since}"] if holder else []
        return [*others, *(held.place.stack for held in self._held() if held.look.standing is Standing.MOVING)]

    def broken(self) -> list[str]:
        """What failed, and what can't be taken over as it is."""
        return [*(held.look.why for held in self._held() if held.look.standing is Standing.BROKEN), *self.obstacles()]

    def obstacles(self) -> Iterator[str]:
        """Why what runs can't be taken over as it is, thing by thing."""
        for held in self._held():
            yield from (f"{held.place}: {why}" for why in held.obstacles())

    def take(self, thing: str) -> None:
        """One change set: an import takes nothing but the data, so the rest of the template is another one."""
        stack, region = self._deployer.stack(thing), self.estate.region
        stands = thing in self.owned()
        self._seen = None
        (self._deployer.begin if stands else self._deployer.adopt)(stack, region)

    def give_back(self, thing: str) -> None:
        """The stack goes, and its data stays."""
        self._seen = None
        release(self._deployer, self._deployer.stack(thing), self.estate.region, self.sleep)

    @property
    def _deployer(self) -> Deployer:
        return self.estate.deployer

    def _held(self) -> tuple[Held, ...]:
        if self._seen is None or self.clock() - self._seen[0] > FRESH_SECONDS:
            self._seen = (self.clock(), self.estate.held())
        return self._seen[1]
