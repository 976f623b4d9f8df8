"""What the source is a member of, kind by kind, as it is taken away from the side that stays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.graph import Place
from landbridge.migrate.adapters.leaving.stacks import looked_at
from landbridge.migrate.one_by_one import Removal
from landbridge.model.region import Pair, Region
from landbridge.replicate.object_rule import State
from landbridge.replicate.objects import ObjectReplicator
from landbridge.traffic.route53 import Route53Traffic


@dataclass(frozen=True)
class RouteMember:
    """The source's weighted record."""

    traffic: Route53Traffic
    source: Region

    def standing(self) -> list[str]:
        """One, or none."""
        return [f"the record of {self.source}"] if self.traffic.has(self.source) else []

    def moving(self) -> list[str]:
        """A record is there or it isn't."""
        return []

    def broken(self) -> list[str]:
        """Nor does it break."""
        return []

    def remove(self, thing: str) -> None:
        """Whatever it weighs."""
        del thing
        self.traffic.forget(self.source)


@dataclass(frozen=True)
class Told:
    """Stacks elsewhere that are told something by the source, and stand otherwise than they should without it."""

    deployer: Deployer  # as things should be once the source is gone
    places: Callable[[], Sequence[Place]]

    def standing(self) -> list[str]:
        """Those that are not told yet."""
        return self._that_are(Standing.STALE)

    def moving(self) -> list[str]:
        """Those that are being changed."""
        return self._that_are(Standing.MOVING)

    def broken(self) -> list[str]:
        """Those whose change failed, with the first cause."""
        looks = looked_at(self.deployer, self.places())
        return [f"{place}: {look.why}" for place, look in looks.items() if look.standing is Standing.BROKEN]

    def remove(self, thing: str) -> None:
        """It is told that the source goes."""
        place = next(place for place in self.places() if _told(place) == thing)
        self.deployer.begin(self.deployer.stack(place.stack), place.region)

    def _that_are(self, standing: Standing) -> list[str]:
        return [_told(place) for place, look in looked_at(self.deployer, self.places()).items() if look.standing is standing]


@dataclass(frozen=True)
class ReplicaMembers:
    """The source's copies of global tables, dropped from the target."""

    clients: Clients
    tables: Sequence[str]
    regions: Pair[Region]

    def standing(self) -> list[str]:
        """Tables of which the source has a copy, in any state."""
        return [table for table in self.tables if self._copy(table) is not None]

    def moving(self) -> list[str]:
        """Those whose copy is being dropped."""
        return [f"dropping {table}" for table in self.tables if self._copy(table) == "DELETING"]

    def broken(self) -> list[str]:
        """A drop ends by itself."""
        return []

    def remove(self, thing: str) -> None:
        """One drop an update; one that is under way already is fine."""
        target = self.regions.target
        with speaking(target, f"UpdateTable {thing}"):
            try:
                update = [{"Delete": {"RegionName": self.regions.source}}]
                self.clients.client("dynamodb", target).update_table(TableName=thing, ReplicaUpdates=update)
            except ClientError as error:
                if said(error) != "ResourceInUseException":
                    raise

    def _copy(self, table: str) -> str | None:
        """Its status, as the target tells it; None = there is none."""
        with speaking(self.regions.target, f"DescribeTable {table}"):
            described: Mapping[str, Any] = self.clients.client("dynamodb", self.regions.target).describe_table(TableName=table)
        copies = [each for each in described["Table"].get("Replicas", ()) if each["RegionName"] == self.regions.source]
        return str(copies[0].get("ReplicaStatus", "ACTIVE")) if copies else None


@dataclass(frozen=True)
class ObjectRules:
    """The rules by which each region's bucket is copied to the other; what was copied stays where it is."""

    deployer: Deployer
    stack: str  # whose switch a rule is: without it there is none
    ways: Mapping[Region, ObjectReplicator]

    def standing(self) -> list[str]:
        """Those that copy, or are being switched."""
        return self._that_are(State.ON, State.CHANGING)

    def moving(self) -> list[str]:
        """Those that are being switched."""
        return self._that_are(State.CHANGING)

    def broken(self) -> list[str]:
        """A stack that can't be changed says so when it is asked to."""
        return []

    def remove(self, thing: str) -> None:
        """Off."""
        next(way for region, way in self.ways.items() if _from(region) == thing).stop()

    def _that_are(self, *states: State) -> list[str]:
        spec = self.deployer.stack(self.stack)
        stand = [region for region in self.ways if self.deployer.look(spec, region).standing is not Standing.ABSENT]
        return [_from(region) for region in stand if self.ways[region].rule().state() in states]


@dataclass(frozen=True)
class Parameters:
    """Values that no stack made, so that none takes them along."""

    clients: Clients
    names: Sequence[tuple[Region, str]]

    def standing(self) -> list[str]:
        """Those that are there."""
        return [_said(region, name) for region, name in self.names if self._is(region, name)]

    def moving(self) -> list[str]:
        """A parameter is there or it isn't."""
        return []

    def broken(self) -> list[str]:
        """Nor does it break."""
        return []

    def remove(self, thing: str) -> None:
        """Deleted; one that is gone is fine."""
        for region, name in self.names:
            if _said(region, name) == thing:
                with speaking(region, f"DeleteParameters {name}"):
                    self.clients.client("ssm", region).delete_parameters(Names=[name])

    def _is(self, region: Region, name: str) -> bool:
        with speaking(region, f"GetParameters {name}"):
            return bool(self.clients.client("ssm", region).get_parameters(Names=[name])["Parameters"])


@dataclass(frozen=True)
class InOrder:
    """Several kinds as one: the last of them goes first, as the last of each does."""

    kinds: Sequence[Removal]

    def standing(self) -> list[str]:
        """Of all."""
        return [thing for kind in self.kinds for thing in kind.standing()]

    def moving(self) -> list[str]:
        """Of all."""
        return [thing for kind in self.kinds for thing in kind.moving()]

    def broken(self) -> list[str]:
        """Of all."""
        return [why for kind in self.kinds for why in kind.broken()]

    def remove(self, thing: str) -> None:
        """Of whichever it is."""
        next(kind for kind in self.kinds if thing in kind.standing()).remove(thing)


def _from(region: Region) -> str:
    return f"the copying out of {region}"


def _told(place: Place) -> str:
    return f"what {place} is told"


def _said(region: Region, name: str) -> str:
    return f"parameter {name} in {region}"
