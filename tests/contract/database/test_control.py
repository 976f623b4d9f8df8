"""RDS refuses what does not fit, with the codes that AWS has for it, and answers nothing that it does not know."""

import contextlib
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.contract.database.place import DATABASE, GLOBAL, NAMES, PASSWORD, USER, Place, S, T, eventually

from landbridge.aws.clients import said
from landbridge.model.errors import Unreachable
from landbridge.rehearse.fabric.database.control import Control
from landbridge.rehearse.fabric.database.knobs import Switchover
from landbridge.replicate.login import Login

ABSENT = "arn:aws:rds:us-east-1:000000000000:cluster:absent"
MASTER = {"MasterUsername": "u", "MasterUserPassword": "p"}
PG: dict[str, Any] = {"Engine": "aurora-postgresql"}
ALONE = {"DBClusterIdentifier": "n", **PG, **MASTER}
FROM = {"GlobalClusterIdentifier": GLOBAL}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("describe_global_clusters", {"GlobalClusterIdentifier": "absent"}, "GlobalClusterNotFoundFault"),
    ("describe_db_clusters", {"DBClusterIdentifier": "absent"}, "DBClusterNotFoundFault"),
    ("describe_db_instances", {"DBInstanceIdentifier": "absent"}, "DBInstanceNotFound"),
    ("create_db_cluster", {"DBClusterIdentifier": NAMES.target, **PG}, "DBClusterAlreadyExistsFault"),
    ("create_db_cluster", {"DBClusterIdentifier": "n", "Engine": "aurora-mysql"}, "InvalidParameterValue"),
    ("create_db_cluster", {**ALONE, "EngineVersion": "19.1"}, "InvalidParameterCombination"),
    ("create_db_cluster", {"DBClusterIdentifier": "n", **PG}, "InvalidParameterCombination"),
    ("create_db_cluster", {**ALONE, **FROM}, "InvalidParameterCombination"),
    (
        "create_db_instance",
        {"DBInstanceIdentifier": "n", "DBInstanceClass": "c", **PG, "DBClusterIdentifier": "absent"},
        "DBClusterNotFoundFault",
    ),
    (
        "create_db_instance",
        {"DBInstanceIdentifier": "one-t", "DBInstanceClass": "c", **PG, "DBClusterIdentifier": NAMES.target},
        "DBInstanceAlreadyExists",
    ),
    ("create_global_cluster", {**FROM, **PG}, "GlobalClusterAlreadyExistsFault"),
    (
        "create_global_cluster",
        {"GlobalClusterIdentifier": "n", "SourceDBClusterIdentifier": NAMES.target},
        "InvalidDBClusterStateFault",
    ),
    ("switchover_global_cluster", {**FROM, "TargetDbClusterIdentifier": ABSENT}, "DBClusterNotFoundFault"),
    (
        "failover_global_cluster",
        {**FROM, "TargetDbClusterIdentifier": ABSENT, "AllowDataLoss": True, "Switchover": True},
        "InvalidParameterCombination",
    ),
    ("delete_global_cluster", FROM, "InvalidGlobalClusterStateFault"),
    ("delete_db_cluster", {"DBClusterIdentifier": NAMES.target, "SkipFinalSnapshot": True}, "InvalidDBClusterStateFault"),
    ("delete_db_instance", {"DBInstanceIdentifier": "absent"}, "DBInstanceNotFound"),
]


@pytest.mark.parametrize(("operation", "given", "code"), REFUSED, ids=[f"{one}-{code}" for one, _, code in REFUSED])
def test_what_does_not_fit_is_refused(pair: Place, operation: str, given: dict[str, Any], code: str) -> None:
    """And nothing has changed."""
    before = pair.told()
    with pytest.raises(ClientError) as refused:
        getattr(pair.rds(T), operation)(**given)
    assert said(refused.value) == code
    assert pair.told() == before


def test_the_writer_is_not_moved_twice_nor_detached(pair: Place) -> None:
    """While it moves nothing else begins; and it can't leave its copy behind."""
    source, target = pair.source.arn, pair.target.arn
    with pytest.raises(ClientError, match="InvalidGlobalClusterStateFault"):
        pair.rds(S).remove_from_global_cluster(GlobalClusterIdentifier=GLOBAL, DbClusterIdentifier=source)
    with pytest.raises(ClientError, match="InvalidDBClusterStateFault"):
        pair.rds(S).switchover_global_cluster(GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=source)
    pair.databases.knobs.switchover = Switchover.STALL
    pair.switch(pair.target)
    for operation in ("switchover_global_cluster", "failover_global_cluster"):
        with pytest.raises(ClientError, match="InvalidGlobalClusterStateFault"):
            getattr(pair.rds(T), operation)(GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=target)
    with pytest.raises(ClientError, match="InvalidGlobalClusterStateFault"):
        pair.rds(S).remove_from_global_cluster(GlobalClusterIdentifier=GLOBAL, DbClusterIdentifier=target)


def test_a_password_is_changed_where_the_cluster_writes(pair: Place) -> None:
    """The copy has it too; it is refused at the copy. Anything else that is modified changes nothing."""
    with pytest.raises(ClientError, match="InvalidDBClusterStateFault"):
        pair.rds(T).modify_db_cluster(DBClusterIdentifier=NAMES.target, MasterUserPassword="another of the test")
    pair.rds(T).modify_db_cluster(DBClusterIdentifier=NAMES.target, BackupRetentionPeriod=7)
    for password in ("another of the test", PASSWORD):
        pair.rds(S).modify_db_cluster(DBClusterIdentifier=NAMES.source, MasterUserPassword=password)
        eventually(partial(_lets_in, pair, Login(USER, partial(str, password), DATABASE, {})))


def _lets_in(pair: Place, login: Login) -> bool:
    with contextlib.suppress(Unreachable):
        return login.rows(T, pair.reader(pair.target), "SELECT 1") == [(1,)]
    return False


def test_both_regions_tell_the_same_of_the_global_cluster(pair: Place) -> None:
    """One writer with its reader, forwarding off, and each region's own cluster with its instance."""
    assert pair.told(S) == pair.told(T)
    writer, reader = pair.told()["GlobalClusterMembers"]
    assert (writer["IsWriter"], writer["Readers"], reader["IsWriter"]) == (True, [reader["DBClusterArn"]], False)
    assert reader["GlobalWriteForwardingStatus"] == "disabled"
    listed = pair.rds(T).describe_db_clusters()["DBClusters"]
    assert [cluster["DBClusterIdentifier"] for cluster in listed] == [NAMES.target]
    assert [one["DBInstanceIdentifier"] for one in pair.rds(T).describe_db_instances()["DBInstances"]] == ["one-t"]


@pytest.mark.parametrize("action", ["DescribeDBSubnetGroups", "NoSuchCall"])
def test_a_call_that_is_not_ours_is_the_emulators(pair: Place, action: str) -> None:
    """Whether RDS has such a call or not."""
    control = Control(pair.databases, T)
    assert pair.run(control.answer(f"Action={action}&Version=2014-10-31".encode())) is None
