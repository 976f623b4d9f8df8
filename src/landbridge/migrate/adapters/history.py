"""The history of the market as a migration moves it: buckets copied both ways, compared, and looked at beforehand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.model.metrics import HISTORY
from landbridge.model.region import Pair, Region
from landbridge.replicate.both_ways import BothWays
from landbridge.replicate.object_jobs import ObjectJobs
from landbridge.replicate.object_rule import Buckets, StackRule
from landbridge.replicate.objects import ObjectReplicator
from landbridge.replicate.objects_preflight import ObjectsPreflight, listed
from landbridge.replicate.port import Replicator
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.stores import FOLDER, bucket, by_gate

Told = Callable[[str, str, Region], str]  # stack, output, region


@dataclass(frozen=True)
class History:
    """The history's buckets of both regions; `told` asks their stacks."""

    clients: Clients
    config: Trading
    regions: Pair[Region]
    told: Told
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @property
    def buckets(self) -> Pair[str]:
        """Their names, which are the whole world's."""
        return self.regions.map(partial(self.config.platform.named, HISTORY))

    @cached_property
    def there(self) -> ObjectReplicator:
        """From the source to the target."""
        return self._way(self.regions)

    @cached_property
    def back(self) -> ObjectReplicator:
        """From the target to the source."""
        return self._way(self.regions.swapped())

    @cached_property
    def both(self) -> BothWays:
        """There and back."""
        return BothWays(self.there, self.back)

    @cached_property
    def hearts(self) -> tuple["Late", "Late"]:
        """Each way's own."""
        return Late(self.both.there), Late(self.both.back)

    def obstacles(self) -> tuple[str, ...]:
        """What S3 will not copy, and why."""
        source = self.regions.source
        look = partial(listed, self.clients, source, self.buckets.source)
        return ObjectsPreflight(self.clients, self.regions, self.buckets, look).obstacles()

    @cached_property
    def verifier(self) -> StoreComparison:
        """Every version of both buckets, by listing."""
        asked = by_gate(self.clients, self.regions, FOLDER, self.clock, self.sleep)
        return StoreComparison(bucket(self.config, asked), self.clock)

    def _way(self, regions: Pair[Region]) -> ObjectReplicator:
        source, named = regions.source, self.config.platform.named
        names = regions.map(partial(named, HISTORY))
        rule = StackRule(Buckets(self.clients, source, *names), named(HISTORY), partial(self._besides, regions))
        role = partial(self.told, HISTORY, "BatchRoleArn", source)
        jobs = ObjectJobs(self.clients, source, names.source, named("reports", source), role)
        return ObjectReplicator(self.clients, regions, names, lambda: rule, jobs, self.clock)

    def _besides(self, regions: Pair[Region]) -> dict[str, str]:
        """The other side's name and key, as its stacks tell them."""
        return {"PeerRegion": regions.target, "PeerDataKeyArn": self.told("keys", "DataKeyArn", regions.target)}


@dataclass
class Late:
    """Beats from when the copy is begun: what was written before that would only have to be copied too."""

    copy: Replicator
    _begun: bool = field(default=False, init=False)

    def beat(self) -> None:
        """Or not yet."""
        self._begun = self._begun or self.copy.copied()
        if self._begun:
            self.copy.beat()
