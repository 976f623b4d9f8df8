"""Where the platform's things live, as tags and names tell in each region, and the report of it beside the evidence."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from landbridge.aws.clients import GLOBAL_HOME
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.leftovers import DATABASES, NAMES, Left, Leftovers
from landbridge.deploy.manifest import Home
from landbridge.migrate.adapters.leaving.bucket import Kept
from landbridge.migrate.steps.report_residency import Place
from landbridge.model.region import Region

EXCUSE = "AWS keeps it here for all regions; it holds no trading data"
KINDS: Mapping[str, str] = {
    "backup": "backup",
    "cloudformation": "stack",
    "dynamodb": "store",
    "firehose": "log",
    "iam": "role",
    "kinesis": "store",
    "kms": "key",
    "lambda": "processor",
    "logs": "log",
    "rds": "store",
    "s3": "store",
    "secretsmanager": "secret",
    "ssm": "parameter",
    "states": "processor",
}


@dataclass(frozen=True)
class LiveResidency:
    """Asked of every region the platform ever used."""

    deployer: Deployer
    regions: Sequence[Region]
    kept: Kept
    sleep: Callable[[float], None]

    def places(self) -> list[Place]:
        """Everything that carries the environment's tag or name."""
        platform, manifest = self.deployer.platform, self.deployer.manifest
        named = (*NAMES, *DATABASES)
        search = Leftovers(self.deployer.clients, platform.environment_suffix, manifest.around(platform), names=named)
        excused = tuple(self._global())
        return [_place(each, excused) for each in search.search(self.regions, self.sleep, 0.0, looks=1)]

    def reported(self, turn: int) -> bool:
        """By the newest report that lies there."""
        newest = self.kept.newest()
        return newest is not None and newest[0] >= turn

    def report(self, places: Sequence[Place], turn: int) -> None:
        """As data: one line a thing."""
        self.kept.keep(turn, json.dumps({"places": [asdict(place) for place in places]}, indent=1).encode())

    def _global(self) -> Iterator[str]:
        """Names and ids of what AWS wants in one region, whichever the platform's are."""
        for stack in self.deployer.manifest.stacks:
            if stack.home is Home.GLOBAL:
                with self.deployer.calls(stack, GLOBAL_HOME) as live:
                    if live.find() is not None:
                        yield live.name
                        for each in live.resources():
                            yield from str(each["PhysicalResourceId"]).split("|")


def _place(left: Left, excused: tuple[str, ...]) -> Place:
    """A tag names it by its ARN, a list by service and name."""
    service = left.what.split(":")[2] if left.what.startswith("arn:") else left.what.partition(" ")[0]
    excuse = EXCUSE if left.region == GLOBAL_HOME and excused and left.what.endswith(excused) else ""
    return Place(KINDS.get(service, service), left.what, left.region, excuse)
