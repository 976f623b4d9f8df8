"""RDS as its clients see it: the calls about clusters, their instances and global clusters, with RDS's own errors.

What is begun goes on by itself; a call answers at once with how things stand. Every other call of RDS is the emulator's.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from landbridge.model.region import Region
from landbridge.rehearse.emulator.refusal import Refusal
from landbridge.rehearse.fabric.database import describe
from landbridge.rehearse.fabric.database.cluster import AVAILABLE, CREATING, DELETING, ENGINE, Asked, Cluster
from landbridge.rehearse.fabric.database.databases import Databases
from landbridge.rehearse.fabric.database.global_database import GlobalDatabase, Status
from landbridge.rehearse.fabric.database.instances import Instances
from landbridge.rehearse.fabric.database.query import Fault, answered, asked, refused

NEWEST = 18  # of PostgreSQL: whatever older one is asked for, this one runs
Given = Mapping[str, Any]
Result = dict[str, Any]
CarriedOut = Callable[[Given], Awaitable[Result]]
CHANGES = re.compile(
    "(?!Describe|List).*(GlobalCluster|DBCluster(?!Parameter))"
)  # of clusters, which the emulator knows nothing of


class Control:
    """One region's RDS."""

    def __init__(self, databases: Databases, region: Region) -> None:
        self._databases = databases
        self._region = region
        self._alone = Instances(databases, region)
        self._calls: dict[str, CarriedOut] = {
            "CreateDBCluster": self._create_cluster,
            "CreateDBInstance": self._create_instance,
            "CreateDBInstanceReadReplica": self._alone.copy,
            "CreateGlobalCluster": self._create_global,
            "DeleteDBCluster": self._delete_cluster,
            "DeleteDBInstance": self._delete_instance,
            "DeleteGlobalCluster": self._delete_global,
            "DescribeDBClusters": self._describe_clusters,
            "DescribeDBInstances": self._describe_instances,
            "DescribeGlobalClusters": self._describe_globals,
            "FailoverGlobalCluster": self._fail_over,
            "ModifyDBCluster": self._modify_cluster,
            "PromoteReadReplica": self._alone.promote,
            "RemoveFromGlobalCluster": self._remove,
            "SwitchoverGlobalCluster": self._switch_over,
        }

    async def answer(self, body: bytes, _action: str = "") -> Refusal | None:
        """What RDS answers to this form; None = it is not ours to answer."""
        call = asked(body)
        carried_out = None if call is None else self._calls.get(call.operation.name)
        if call is None or (carried_out is None and not CHANGES.match(call.operation.name)):
            return None
        try:
            return answered(call.operation, await _played(carried_out, call.operation.name, call.given)(call.given))
        except Fault as fault:
            return refused(call.operation, fault)

    async def _create_cluster(self, given: Given) -> Result:
        name = given["DBClusterIdentifier"].lower()
        if (self._region, name) in self._databases.clusters:
            raise Fault("DBClusterAlreadyExistsFault", f"DB cluster {name} already exists")
        _engine(given)
        joining = self._global(given["GlobalClusterIdentifier"]) if given.get("GlobalClusterIdentifier") else None
        if joining is not None and joining.primary is not None:
            return self._said(await self._secondary(name, given, joining, joining.primary))
        for needed in ("MasterUsername", "MasterUserPassword"):
            if not given.get(needed):
                raise Fault("InvalidParameterCombination", f"{needed} is needed for a cluster that copies no other")
        made = await self._databases.cluster(self._region, name)
        if joining is not None:
            joining.add(made)
        self._databases.begin(made.found(_wanted(given)))
        return self._said(made)

    async def _secondary(self, name: str, given: Given, joining: GlobalDatabase, primary: Cluster) -> Cluster:
        for own in ("MasterUsername", "MasterUserPassword", "DatabaseName"):
            if given.get(own):
                raise Fault("InvalidParameterCombination", f"Cannot specify {own} for a cross-region replica")
        if primary.region == self._region:
            raise Fault("InvalidGlobalClusterStateFault", f"{joining.name} has a member in {self._region} already")
        if primary.status != AVAILABLE or joining.status is not Status.AVAILABLE:
            raise Fault("InvalidGlobalClusterStateFault", f"{joining.name} is not available")
        made = await self._databases.cluster(self._region, name)
        joining.add(made)
        self._databases.begin(joining.take_in(made, primary))
        return made

    async def _modify_cluster(self, given: Given) -> Result:
        cluster, password = self._cluster(given["DBClusterIdentifier"]), given.get("MasterUserPassword", "")
        if password and not cluster.writes:
            raise Fault("InvalidDBClusterStateFault", f"{cluster.name} does not write now")
        if password:
            await cluster.sign_in_by(password)
        return self._said(cluster)

    async def _create_instance(self, given: Given) -> Result:
        if not given.get("DBClusterIdentifier"):
            return await self._alone.create(given)
        cluster, name = self._cluster(given.get("DBClusterIdentifier", "")), given["DBInstanceIdentifier"].lower()
        if any(name in other.instances for other in self._clusters()):
            raise Fault("DBInstanceAlreadyExistsFault", f"DB instance {name} already exists")
        cluster.instances.append(name)
        return {"DBInstance": describe.instance(cluster, name, self._databases.version)}

    async def _create_global(self, given: Given) -> Result:
        name, source = given["GlobalClusterIdentifier"].lower(), given.get("SourceDBClusterIdentifier")
        if name in self._databases.globals:
            raise Fault("GlobalClusterAlreadyExistsFault", f"Global cluster {name} already exists")
        first = self._cluster(source) if source else None
        if first is None:
            _engine(given)
        elif first.status != AVAILABLE or self._databases.of(first) is not None:
            raise Fault("InvalidDBClusterStateFault", f"DB cluster {first.name} is not available, or is a member already")
        made = await self._databases.join(name)
        if first is not None:
            made.add(first)
        return self._told(made)

    async def _delete_cluster(self, given: Given) -> Result:
        cluster = self._cluster(given["DBClusterIdentifier"])
        if cluster.instances or self._databases.of(cluster) is not None:
            raise Fault("InvalidDBClusterStateFault", f"{cluster.name} still has instances, or is a part of a global cluster")
        if not given.get("SkipFinalSnapshot"):
            raise Fault("InvalidParameterCombination", "there are no snapshots here: SkipFinalSnapshot is needed")
        if cluster.status != DELETING:
            cluster.status = DELETING
            self._databases.begin(self._gone(cluster))
        return self._said(cluster)

    async def _gone(self, cluster: Cluster) -> None:
        await cluster.close()
        await cluster.remove()
        del self._databases.clusters[cluster.region, cluster.name]

    async def _delete_instance(self, given: Given) -> Result:
        name = given["DBInstanceIdentifier"].lower()
        if name in self._alone:
            return await self._alone.delete(given)
        for cluster in self._clusters():
            if name in cluster.instances:
                cluster.instances.remove(name)
                return {"DBInstance": {**describe.instance(cluster, name, self._databases.version), "DBInstanceStatus": DELETING}}
        raise Fault("DBInstanceNotFoundFault", f"DBInstance {name} not found.")

    async def _delete_global(self, given: Given) -> Result:
        told = self._global(given["GlobalClusterIdentifier"])
        if told.members:
            raise Fault("InvalidGlobalClusterStateFault", f"Global cluster {told.name} is not empty")
        await told.endpoint.stop()
        del self._databases.globals[told.name]
        return self._told(told)

    async def _describe_clusters(self, given: Given) -> Result:
        named = given.get("DBClusterIdentifier")
        return {"DBClusters": [self._said(told)["DBCluster"] for told in ([self._cluster(named)] if named else self._clusters())]}

    async def _describe_instances(self, given: Given) -> Result:
        named = given.get("DBInstanceIdentifier", "").lower()
        all_of_them = [(cluster, name) for cluster in self._clusters() for name in cluster.instances]
        told = {name: describe.instance(cluster, name, self._databases.version) for cluster, name in all_of_them}
        found = [each for name, each in (told | self._alone.described()).items() if named in {"", name}]
        if named and not found:
            raise Fault("DBInstanceNotFoundFault", f"DBInstance {named} not found.")
        return {"DBInstances": found}

    async def _describe_globals(self, given: Given) -> Result:
        named = given.get("GlobalClusterIdentifier")
        told = [self._global(named)] if named else self._databases.globals.values()
        return {"GlobalClusters": [self._told(one)["GlobalCluster"] for one in told]}

    async def _switch_over(self, given: Given) -> Result:
        told, to = self._movable(given)
        told.switch_over(to)
        return self._told(told)

    async def _fail_over(self, given: Given) -> Result:
        if given.get("AllowDataLoss") and given.get("Switchover"):
            raise Fault("InvalidParameterCombination", "AllowDataLoss and Switchover exclude each other")
        told, to = self._movable(given)
        (told.fail_over if given.get("AllowDataLoss") else told.switch_over)(to)
        return self._told(told)

    async def _remove(self, given: Given) -> Result:
        told, cluster = self._global(given["GlobalClusterIdentifier"]), self._anywhere(given["DbClusterIdentifier"])
        if cluster not in told.members:
            raise Fault("DBClusterNotFoundFault", f"DB cluster {cluster.name} is no member of {told.name}")
        if told.move is not None or cluster.status == CREATING:
            raise Fault(
                "InvalidGlobalClusterStateFault",
                f"Global cluster {told.name} is {told.status}, {cluster.name} is {cluster.status}",
            )
        if cluster is told.primary and len(told.members) > 1:
            raise Fault("InvalidGlobalClusterStateFault", f"{cluster.name} is the writer and {told.name} has other members")
        await told.leave(cluster)
        return self._told(told)

    def _movable(self, given: Given) -> tuple[GlobalDatabase, Cluster]:
        told, to = self._global(given["GlobalClusterIdentifier"]), self._anywhere(given["TargetDbClusterIdentifier"])
        if told.move is not None:
            raise Fault("InvalidGlobalClusterStateFault", f"Global cluster {told.name} is {told.status}")
        if to not in told.members or to is told.primary:
            raise Fault("InvalidDBClusterStateFault", f"DB cluster {to.name} is no secondary of {told.name}")
        if not to.synchronized or to.status != AVAILABLE:
            raise Fault("InvalidDBClusterStateFault", f"DB cluster {to.name} is not in step with its writer")
        return told, to

    def _clusters(self) -> list[Cluster]:
        return [cluster for (region, _), cluster in self._databases.clusters.items() if region == self._region]

    def _cluster(self, named: str) -> Cluster:
        for cluster in self._clusters():
            if named in {cluster.arn, cluster.name} or named.lower() == cluster.name:
                return cluster
        raise Fault("DBClusterNotFoundFault", f"DBCluster {named} not found.")

    def _anywhere(self, arn: str) -> Cluster:
        for cluster in self._databases.clusters.values():
            if cluster.arn == arn:
                return cluster
        raise Fault("DBClusterNotFoundFault", f"DBCluster {arn} not found.")

    def _global(self, named: str) -> GlobalDatabase:
        told = self._databases.globals.get(named.lower())
        if told is None:
            raise Fault("GlobalClusterNotFoundFault", f"Global cluster {named} not found")
        return told

    def _said(self, cluster: Cluster) -> Result:
        return {"DBCluster": describe.cluster(cluster, self._databases.of(cluster), self._databases.version)}

    def _told(self, told: GlobalDatabase) -> Result:
        return {"GlobalCluster": describe.global_cluster(told, self._databases.version)}


def _played(carried_out: CarriedOut | None, name: str, given: Given) -> CarriedOut:
    """What carries out the call; refused where a yes would not be true."""
    if carried_out is None:
        raise Fault("InvalidAction", f"{name} is not played here, so nothing was changed (docs/fabric/database.md says what is)")
    if given.get("EnableGlobalWriteForwarding"):
        raise Fault("InvalidParameterCombination", "write forwarding is not played here; leave EnableGlobalWriteForwarding off")
    return carried_out


def _engine(given: Given) -> None:
    if given.get("Engine") != ENGINE:
        raise Fault("InvalidParameterValue", f"Invalid DB engine: {given.get('Engine')}; here is {ENGINE} alone")
    version = str(given.get("EngineVersion", NEWEST))
    major = version.partition(".")[0]
    if not major.isdigit() or int(major) > NEWEST:
        raise Fault("InvalidParameterCombination", f"Cannot find version {version} for {ENGINE}; here is {NEWEST}")


def _wanted(given: Given) -> Asked:
    tags = tuple((tag["Key"], tag.get("Value", "")) for tag in given.get("Tags", ()))
    return Asked(given["MasterUsername"], given["MasterUserPassword"], given.get("DatabaseName", ""), tags)
