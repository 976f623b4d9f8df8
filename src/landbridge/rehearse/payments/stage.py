"""The payments platform on the stage of a rehearsal: its stacks, what they tell, and which regions have them by now."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from landbridge.aws.clients import GLOBAL_HOME, Clients, speaking
from landbridge.config.expansion import Expansion
from landbridge.deploy.deployer import Deployer, Liberties
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import answers
from landbridge.deploy.run import Patience, deploy, destroy_all
from landbridge.deploy.teardown import Teardown
from landbridge.model.errors import Refused
from landbridge.model.region import Pair, Region
from landbridge.rehearse.settled import Settled
from landbridge.traffic.route53 import Endpoint, Route53Traffic

CREATED_IN = 0.25  # how often a stack under way is looked at
LIMIT_SECONDS = 180.0
LAST = "service"  # the stack of a region that needs most of the others
TTL = 2


@dataclass(frozen=True)
class Stage:
    """What of the platform is asked and changed from outside, all of it blocking."""

    clients: Clients
    expansion: Expansion
    templates: Path
    tell: Callable[[str], None]
    more: Mapping[str, str] = field(default_factory=dict)  # what the source's stacks are told besides

    @property
    def regions(self) -> Pair[Region]:
        """Where the platform was born, and where it grows."""
        platform = self.expansion.platform
        return Pair(Region(platform.source), Region(platform.target))

    def told_to(self, region: Region) -> dict[str, str]:
        """What the region's stacks are told."""
        told = answers(self.expansion, self.templates, region)
        return {**told, **self.more} if region == self.regions.source else told

    @cached_property
    def deployer(self) -> Deployer:
        """Puts stacks where they belong."""
        manifest = Manifest.read(self.templates).rehearsed()
        told = {region: self.told_to(region) for region in self.regions}
        liberties = Liberties(watch_minutes=self.expansion.deploy.watch_minutes)
        how = {"sleep": time.sleep, "regional": told.__getitem__, "liberties": liberties}
        return Deployer(self.clients, manifest, self.expansion.platform, None, **how)  # type: ignore[arg-type]

    @property
    def patience(self) -> Patience:
        """With every stack."""
        return Patience(time.monotonic, time.sleep, limit_seconds=LIMIT_SECONDS, pause_seconds=CREATED_IN)

    def told(self, stack: str, output: str, region: Region) -> str:
        """What a stack of the region tells; Refused while it does not."""
        outputs = self.deployer.outputs(self.deployer.stack(stack), region)
        if output not in outputs:
            raise Refused(region, f"finding the {output} of {stack}", "its stack is not deployed there, or has none")
        return outputs[output]

    def named(self, kind: str) -> str:
        """The name of one of the platform's things."""
        before, after = self.deployer.manifest.around(self.expansion.platform)
        return f"{before}{kind}{after}"

    def standing(self) -> list[Region]:
        """The regions that have the platform."""
        return [region for region in self.regions if self.deployer.outputs(self.deployer.stack(LAST), region)]

    @cached_property
    def traffic(self) -> Route53Traffic:
        """The weighted records of the name clients ask for."""
        return Route53Traffic(self.clients, self.expansion.platform.domain, self.regions, self._endpoint, TTL)

    def _endpoint(self, region: Region) -> Endpoint:
        return Endpoint(region, self.told("balancer", "BalancerHost", region), "")

    def deploy(self, region: Region) -> None:
        """Every stack of the region, and what joins it to the other one where that stands."""
        stacks = deploy(self.deployer, region, self.patience)
        self.tell(f"deployed {len(stacks)} stacks in {region}: {', '.join(stacks)}")

    def give_name(self) -> None:
        """A hosted zone, and the name's record with everything at the source."""
        with speaking(GLOBAL_HOME, "CreateHostedZone"):
            route53 = self.clients.client("route53", GLOBAL_HOME)
            route53.create_hosted_zone(Name=self.expansion.platform.domain.split(".", 1)[1], CallerReference=str(uuid4()))
        self.traffic.name_first(self.regions.source)

    def take_down(self) -> Settled:
        """Everything goes; what is still there afterwards is named."""
        teardown = Teardown.of(self.deployer, self.deployer.graph)
        teardown.detach(self.patience)
        destroy_all(self.deployer, teardown.going, self.patience).result()
        left = tuple(str(each) for each in teardown.left(self.patience))
        return Settled(None, "stacks taken down", len(teardown.going.needs), {"left behind": left})
