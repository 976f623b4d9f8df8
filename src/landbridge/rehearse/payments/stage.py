"""The payments platform on the stage of a rehearsal: put up in its first region, named, looked at, and taken down."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from landbridge.aws.clients import GLOBAL_HOME, speaking
from landbridge.deploy.regional import answers
from landbridge.deploy.run import Patience, deploy, destroy_all
from landbridge.deploy.teardown import Teardown
from landbridge.migrate.adapters.payments import PLATFORM, PaymentsMigration
from landbridge.migrate.adapters.payments_stores import SECRET_KINDS
from landbridge.model.errors import Refused
from landbridge.model.region import Pair, Region
from landbridge.rehearse.settled import Settled

CREATED_IN = 0.25  # how often a stack under way is looked at
LIMIT_SECONDS = 180.0
LAST = "service"  # the stack of a region that needs most of the others


@dataclass(frozen=True)
class Stage:
    """What of the platform is asked and changed from outside, all of it blocking."""

    migration: PaymentsMigration
    tell: Callable[[str], None]

    @property
    def regions(self) -> Pair[Region]:
        """Where the platform was born, and where it grows."""
        return self.migration.born

    def told_to(self, region: Region) -> dict[str, str]:
        """What the region's stacks are told."""
        return answers(self.migration.config, self.migration.templates / PLATFORM, region)

    @property
    def patience(self) -> Patience:
        """With every stack."""
        return Patience(time.monotonic, time.sleep, limit_seconds=LIMIT_SECONDS, pause_seconds=CREATED_IN)

    def standing(self) -> list[Region]:
        """The regions that have the platform."""
        deployer = self.migration.deployer
        return [region for region in self.regions if deployer.outputs(deployer.stack(LAST), region)]

    def deploy(self) -> None:
        """Every stack of the source, and the journal in its own region."""
        deployer = self.migration.deployer
        for region in (self.regions.source, deployer.journal):
            stacks = deploy(deployer, region, self.patience)
            self.tell(f"deployed {', '.join(stacks)} in {region}")

    def give_name(self) -> None:
        """A hosted zone, and the name's record with everything at the source."""
        name = self.migration.config.platform.domain.split(".", 1)[1]
        with speaking(GLOBAL_HOME, "CreateHostedZone"):
            self.migration.clients.client("route53", GLOBAL_HOME).create_hosted_zone(Name=name, CallerReference=str(uuid4()))
        self.migration.traffic.name_first(self.regions.source)

    def identity_key(self) -> bytes:
        """By which whoever signs customers in signs their tokens."""
        source, name = self.regions.source, self.migration.named("identity")
        with speaking(source, "GetSecretValue"):
            told = self.migration.clients.client("secretsmanager", source).get_secret_value(SecretId=name)
        return str(told["SecretString"]).encode()

    def _part_secrets(self) -> None:
        """CloudFormation's part that the emulator leaves out: with a secret go its copies."""
        source, target = self.regions
        for name in map(self.migration.named, SECRET_KINDS):
            with speaking(source, f"ending the copy of {name}"):
                secrets = self.migration.clients.client("secretsmanager", source)
                if secrets.describe_secret(SecretId=name).get("ReplicationStatus"):
                    secrets.remove_regions_from_replication(SecretId=name, RemoveReplicaRegions=[target])
            self._until_gone(name)

    def _until_gone(self, name: str) -> None:
        target, ends = self.regions.target, time.monotonic() + LIMIT_SECONDS
        secrets = self.migration.clients.client("secretsmanager", target)
        while time.monotonic() < ends:
            try:
                with speaking(target, f"looking for {name}"):
                    secrets.describe_secret(SecretId=name)
            except Refused:
                return
            time.sleep(CREATED_IN)

    def take_down(self) -> Settled:
        """Everything goes; what is still there afterwards is named."""
        deployer = self.migration.deployer
        teardown = Teardown.of(deployer, deployer.graph)
        for region in self.regions:
            self.migration.traffic.forget(region)  # in no stack, so no stack takes it away
        self._part_secrets()
        teardown.detach(self.patience)
        destroy_all(deployer, teardown.going, self.patience).result()
        left = tuple(str(each) for each in teardown.left(self.patience))
        return Settled(None, "stacks", len(teardown.going.needs), {"left behind": left})
