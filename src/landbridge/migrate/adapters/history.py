"""The history of the market as a migration moves it: buckets copied both ways, compared, and looked at beforehand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.model.measure import Survey
from landbridge.model.metrics import HISTORY
from landbridge.model.region import Pair, Region
from landbridge.replicate.both_ways import BothWays
from landbridge.replicate.object_jobs import ObjectJobs
from landbridge.replicate.object_rule import Buckets, StackRule
from landbridge.replicate.objects import ObjectReplicator
from landbridge.replicate.objects_preflight import CENSUS, Census, ObjectsPreflight, counted, listed
from landbridge.replicate.port import Replicator
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.engines import by_class
from landbridge.verify.stores import FOLDER, Asked, by_gate, list_of, objects, reader

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

    def survey(self) -> Survey:
        """What the source's bucket holds, and what of it S3 will not copy and why."""
        leave = self.config.preflight.leaves
        return ObjectsPreflight(self.clients, self.regions, self.buckets, self._census, leave).survey()

    def _census(self) -> Census:
        """By S3's own list where the configuration names one, else version by version."""
        source = self.regions.source
        if (told := list_of(self.config, self._asked, source)) is None:
            return listed(self.clients, source, self.buckets.source)
        with TemporaryDirectory(prefix="landbridge-census-") as folder:
            rows = by_class(told, reader(self.config, self._asked)(Path(folder)), CENSUS)
        return counted(rows, (self.clock() - told.created.timestamp()) / 3600)

    @cached_property
    def verifier(self) -> StoreComparison:
        """Every version of both buckets, by listing, or by S3's own lists where the configuration names them."""
        oldest = timedelta(seconds=self.config.verification.expires_seconds)
        return StoreComparison(objects(self.config, self._asked, oldest), self.clock)

    @property
    def _asked(self) -> Asked:
        return by_gate(self.clients, self.regions, FOLDER, self.clock, self.sleep)

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
