"""What a command needs to take effect, deployed in both regions of a world: API, worker, databases, and nothing else."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from tests.contract.world.worlds import CONFIG, S, T

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import DATABASE, settings
from landbridge.deploy.run import Patience, deploy
from landbridge.migrate.adapters.database_writer import DatabaseWriter
from landbridge.migrate.adapters.effects import EffectsDatabase, EffectsPens, FenceRow
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.pen_table import PenTable
from landbridge.model import effects
from landbridge.model.region import Pair, Region
from landbridge.replicate.aurora import Aurora
from landbridge.replicate.global_table import GlobalTableReplicator
from landbridge.replicate.login import Login
from landbridge.replicate.secret import SecretReplicator

BELOW = {"keys", "network", "endpoints", "artifacts", "tables", "pens", "credentials", "api", "parameters"}
REGIONS = Pair(S, T)


@dataclass
class CommandsAndEffects:
    """Deployed by `deploy`; every wait is one of a real deployment on a busy machine."""

    clients: Clients
    config: Trading
    deployer: Deployer

    @classmethod
    def of(cls, clients: Clients, config: Trading) -> "CommandsAndEffects":
        """Nothing is deployed yet."""
        whole = Manifest.read(CONFIG.parent / "templates").rehearsed(DATABASE)
        wanted = BELOW | set(DATABASE)
        stacks = tuple(stack.fed_by(wanted) for stack in whole.stacks if stack.name in wanted)
        regional = partial(settings, config)
        manifest = replace(whole, stacks=stacks)
        return cls(
            clients, config, Deployer(clients, manifest, config.platform, config.pens, sleep=time.sleep, regional=regional)
        )

    def deploy(self, region: Region) -> None:
        """Every stack of the region."""
        deploy(self.deployer, region, Patience(time.monotonic, time.sleep, limit_seconds=180, pause_seconds=0.25))

    @property
    def database(self) -> EffectsDatabase:
        """Both clusters."""
        clusters = REGIONS.map(lambda region: self._named("database", region))
        login = Login(effects.USER, self._password, effects.DATABASE, {})
        return EffectsDatabase(Aurora(self.clients), self._named("database"), clusters, REGIONS, login)

    @property
    def writer(self) -> DatabaseWriter:
        """Where the database is written to."""
        return DatabaseWriter(Aurora(self.clients), self._named("database"), REGIONS)

    @property
    def pens(self) -> EffectsPens:
        """Of every domain."""
        table = PenTable(self.clients, self._named("pens"), self.config.pens.fences, time.time)
        return EffectsPens(table, replace(table, fences=0), FenceRow(self.database, time.time))

    @property
    def commands(self) -> GlobalTableReplicator:
        """The commands' copy at the target."""
        return GlobalTableReplicator(self.clients, self._named("commands"), ("user", "item"), REGIONS, time.time, self._key)

    @property
    def secret(self) -> SecretReplicator:
        """The copy of the database's password there."""
        return SecretReplicator(self.clients, self._named("database"), self._key, REGIONS, time.time)

    def order(self, user: str, number: int) -> None:
        """A command through the source's API."""
        HttpApis(self._url, timeout=30.0).order(S, user, number, f"key-{number}")

    def applied(self, region: Region) -> list[tuple[str, int]]:
        """What was done, as the region's own cluster has it: each row is one effect."""
        return [
            (owner, number) for owner, number in self.database.at(region, "SELECT owner, number FROM trading.done ORDER BY 1, 2")
        ]

    def rounds(self, region: Region) -> int:
        """How often the region's worker has worked, by its own log."""
        logs, name = self.clients.client("logs", region), f"/aws/lambda/{self._named('effects')}"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=name)
        return sum("applied " in event["message"] for page in pages for event in page["events"])

    def _key(self) -> str:
        return self.deployer.outputs(self.deployer.stack("keys"), T)["DataKeyArn"]

    def _url(self, region: Region) -> str:
        return self.clients.api_url(self.deployer.outputs(self.deployer.stack("api"), region)["ApiId"], region, "live")

    def _password(self) -> str:
        told = self.clients.client("secretsmanager", S).get_secret_value(SecretId=self._named("database"))
        return str(json.loads(told["SecretString"])["password"])

    def _named(self, kind: str, region: str = "") -> str:
        return self.config.platform.named(kind, region)


def eventually(look: Callable[[], bool], seconds: float = 90.0) -> None:
    """Looks until it is so, and fails when it never is."""
    ends = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < ends, "it never came about"
        time.sleep(0.1)
