"""What DescribeGlobalClusters, DescribeDBClusters and DescribeDBInstances say, and nothing they could not know."""

from typing import Any

from landbridge.rehearse.fabric.database.cluster import ACCOUNT, AVAILABLE, DELETING, ENGINE, Cluster
from landbridge.rehearse.fabric.database.global_database import GlobalDatabase, Status
from landbridge.rehearse.fabric.database.relay import Relay

HOST = "127.0.0.1"


def global_cluster(told: GlobalDatabase, version: str) -> dict[str, Any]:
    """The global cluster with its members and, while its writer moves, from where to where."""
    said: dict[str, Any] = {
        "GlobalClusterIdentifier": told.name,
        "GlobalClusterResourceId": f"cluster-{told.name}",
        "GlobalClusterArn": told.arn,
        "Status": told.status,
        "Engine": ENGINE,
        "EngineVersion": version,
        "StorageEncrypted": False,
        "DeletionProtection": False,
        "GlobalClusterMembers": [_member(told, member) for member in told.members],
        "Endpoint": _at(told.endpoint),
    }
    if told.move is not None:
        said["FailoverState"] = {
            "Status": told.move.status,
            "FromDbClusterArn": told.move.origin.arn,
            "ToDbClusterArn": told.move.to.arn,
            "IsDataLossAllowed": told.move.status is Status.FAILING_OVER,
        }
    return said


def _member(told: GlobalDatabase, member: Cluster) -> dict[str, Any]:
    writes = member is told.primary
    return {
        "DBClusterArn": member.arn,
        "Readers": [other.arn for other in told.members if other is not member] if writes else [],
        "IsWriter": writes,
        "GlobalWriteForwardingStatus": None if writes else "disabled",
        "SynchronizationStatus": "connected" if member.synchronized else "pending-resync",
    }


def cluster(told: Cluster, of: GlobalDatabase | None, version: str) -> dict[str, Any]:
    """One region's cluster; while the writer moves, every member says so."""
    moving = of is not None and of.move is not None and told.status == AVAILABLE
    return {
        "DBClusterIdentifier": told.name,
        "DBClusterArn": told.arn,
        "DbClusterResourceId": f"cluster-{told.name}",
        "Status": of.status if of is not None and moving else told.status,
        "Engine": ENGINE,
        "EngineVersion": version,
        "EngineMode": "provisioned",
        "Endpoint": HOST,
        "Port": told.endpoint.port,
        "ReaderEndpoint": _at(told.reader),
        "MasterUsername": told.asked.user,
        "DatabaseName": told.asked.database or None,
        "StorageEncrypted": False,
        "DBClusterMembers": [
            {"DBInstanceIdentifier": name, "IsClusterWriter": not number} for number, name in enumerate(told.instances)
        ],
        "GlobalClusterIdentifier": None if of is None else of.name,
        "GlobalWriteForwardingStatus": "disabled",
        "GlobalWriteForwardingRequested": False,
        "TagList": [{"Key": key, "Value": value} for key, value in told.asked.tags],
    }


def instance(told: Cluster, name: str, version: str) -> dict[str, Any]:
    """One instance; all of a cluster's are the one server there is."""
    return {
        "DBInstanceIdentifier": name,
        "DBInstanceArn": f"arn:aws:rds:{told.region}:{ACCOUNT}:db:{name}",
        "DBInstanceClass": "db.r6g.large",
        "DBInstanceStatus": told.status if told.status in {AVAILABLE, DELETING} else "creating",
        "DBClusterIdentifier": told.name,
        "Engine": ENGINE,
        "EngineVersion": version,
        "Endpoint": {"Address": HOST, "Port": told.reader.port},
    }


def alone(told: Cluster, version: str) -> dict[str, Any]:
    """An instance that is no cluster's; its port is in its address, for here every server has one of its own."""
    said: dict[str, Any] = {
        "DBInstanceIdentifier": told.name,
        "DBInstanceArn": instance_arn(told),
        "DBInstanceStatus": told.status,
        "Engine": "postgres",
        "EngineVersion": version,
        "Endpoint": {"Address": _at(told.reader), "Port": told.reader.port},
        "MasterUsername": told.asked.user,
        "DBName": told.asked.database or None,
        "TagList": [{"Key": key, "Value": value} for key, value in told.asked.tags],
    }
    if told.upstream is not None:
        said["ReadReplicaSourceDBInstanceIdentifier"] = instance_arn(told.upstream)
        said["StatusInfos"] = [{"StatusType": "read replication", "Normal": True, "Status": "replicating"}]
    return said


def instance_arn(told: Cluster) -> str:
    """An instance's name all over AWS."""
    return f"arn:aws:rds:{told.region}:{ACCOUNT}:db:{told.name}"


def _at(relay: Relay) -> str:
    return f"{HOST}:{relay.port}"
