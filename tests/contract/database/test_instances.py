"""Instances that are no cluster's: one with a user of its own, a copy of it in the other region, and what RDS refuses of them."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError
from tests.contract.database.place import PASSWORD, USER, Place, S, T, eventually

from landbridge.aws.clients import said

NAME, CLASS = "database-prod-blue", {"DBInstanceClass": "db.m6g.large"}
MASTER = {"MasterUsername": USER, "MasterUserPassword": PASSWORD, "DBName": "payments"}


def told(place: Place, region: Any) -> dict[str, Any]:
    """What RDS says of it there."""
    found: dict[str, Any] = place.rds(region).describe_db_instances(DBInstanceIdentifier=NAME)["DBInstances"][0]
    return found


def asked(place: Place, region: Any, statement: str) -> list[Any]:
    """What the database there answers, at the address RDS tells."""
    host, _, port = told(place, region)["Endpoint"]["Address"].rpartition(":")
    where = {"host": host, "user": USER, "password": PASSWORD, "dbname": "payments"}
    with psycopg.connect(port=int(port), autocommit=True, **where) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def refusal(call: Any, **given: Any) -> str:
    """The code with which it is refused."""
    with pytest.raises(ClientError) as refused:
        call(DBInstanceIdentifier=NAME, **given)
    return said(refused.value)


@pytest.mark.slow
def test_an_instance_its_copy_and_their_end(tmp_path: Path) -> None:
    """The copy has what is written, can't be written to until it is promoted, and both go."""
    with Place(tmp_path / "databases") as place:
        source, target = place.rds(S), place.rds(T)
        source.create_db_instance(DBInstanceIdentifier=NAME, Engine="postgres", **CLASS, **MASTER)
        assert refusal(source.create_db_instance, Engine="postgres", **CLASS, **MASTER) == "DBInstanceAlreadyExists"
        assert refusal(source.promote_read_replica) == "InvalidDBInstanceState"
        arn = told(place, S)["DBInstanceArn"]
        target.create_db_instance_read_replica(DBInstanceIdentifier=NAME, SourceDBInstanceIdentifier=arn)
        assert told(place, T)["ReadReplicaSourceDBInstanceIdentifier"] == arn
        asked(place, S, "CREATE TABLE paid AS SELECT 12 AS amount")
        eventually(lambda: asked(place, T, "SELECT to_regclass('paid') IS NOT NULL") == [(True,)])
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            asked(place, T, "CREATE TABLE other (one int)")
        address = told(place, T)["Endpoint"]
        target.promote_read_replica(DBInstanceIdentifier=NAME)
        asked(place, T, "CREATE TABLE other AS SELECT amount FROM paid")
        assert (told(place, T)["Endpoint"], "ReadReplicaSourceDBInstanceIdentifier" in told(place, T)) == (address, False)
        for rds in (source, target):
            rds.delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True)
            assert refusal(rds.describe_db_instances) == "DBInstanceNotFound"
