"""RDS's calls about instances that are no cluster's: a server of its own each, or a copy of one in either region.

A call that makes one answers when it stands, where AWS answers at once: whoever made it would only have to ask again.
"""

from collections.abc import Mapping
from typing import Any

from landbridge.model.region import Region
from landbridge.rehearse.fabric.database import describe
from landbridge.rehearse.fabric.database.cluster import AVAILABLE, DELETING, Asked, Cluster
from landbridge.rehearse.fabric.database.databases import Databases
from landbridge.rehearse.fabric.database.query import Fault

Given = Mapping[str, Any]
Result = dict[str, Any]
ENGINE = "postgres"


class Instances:
    """Those of one region."""

    def __init__(self, databases: Databases, region: Region) -> None:
        self._databases, self._region = databases, region

    def __contains__(self, name: object) -> bool:
        return (self._region, name) in self._databases.instances

    def described(self) -> dict[str, Result]:
        """All of them, by name."""
        known = self._databases.instances.items()
        return {name: describe.alone(told, self._databases.version) for (region, name), told in known if region == self._region}

    async def create(self, given: Given) -> Result:
        """One with a user and a database of its own."""
        if given.get("Engine") != ENGINE:
            raise Fault("InvalidParameterValue", f"Invalid DB engine: {given.get('Engine')}; here is {ENGINE} alone")
        made = await self._new(given)
        tags = tuple((tag["Key"], tag.get("Value", "")) for tag in given.get("Tags", ()))
        await made.found(Asked(given["MasterUsername"], given["MasterUserPassword"], given.get("DBName", ""), tags))
        return self._said(made)

    async def copy(self, given: Given) -> Result:
        """One that is fed by another, which is named by its ARN or is of this region."""
        named = given["SourceDBInstanceIdentifier"]
        upstream = next((each for each in self._databases.instances.values() if self._is(each, named)), None)
        if upstream is None:
            raise Fault("DBInstanceNotFoundFault", f"DBInstance {named} not found.")
        if upstream.status != AVAILABLE:
            raise Fault("InvalidDBInstanceStateFault", f"DBInstance {named} is {upstream.status}")
        made = await self._new(given)
        made.upstream = upstream
        await made.join(upstream)
        await made.follow(upstream)
        return self._said(made)

    async def promote(self, given: Given) -> Result:
        """It writes for itself from now on, at the same address."""
        told = self._named(given)
        if told.upstream is None:
            raise Fault("InvalidDBInstanceStateFault", f"DBInstance {told.name} is no replica")
        await told.promote()
        told.open()
        return self._said(told)

    async def delete(self, given: Given) -> Result:
        """Gone, and whatever it fed stays as it is."""
        told = self._named(given)
        if not given.get("SkipFinalSnapshot"):
            raise Fault("InvalidParameterCombination", "there are no snapshots here: SkipFinalSnapshot is needed")
        told.status = DELETING
        said = self._said(told)
        await told.close()
        await told.remove()
        del self._databases.instances[self._region, told.name]
        return said

    async def _new(self, given: Given) -> Cluster:
        name = given["DBInstanceIdentifier"].lower()
        if name in self:
            raise Fault("DBInstanceAlreadyExistsFault", f"DB instance {name} already exists")
        return await self._databases.cluster(self._region, name, alone=True)

    def _named(self, given: Given) -> Cluster:
        name = given["DBInstanceIdentifier"].lower()
        told = self._databases.instances.get((self._region, name))
        if told is None:
            raise Fault("DBInstanceNotFoundFault", f"DBInstance {name} not found.")
        return told

    def _is(self, told: Cluster, named: str) -> bool:
        return named == describe.instance_arn(told) or (named == told.name and told.region == self._region)

    def _said(self, told: Cluster) -> Result:
        return {"DBInstance": describe.alone(told, self._databases.version)}
