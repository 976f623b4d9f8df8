"""Changes the database's password: Secrets Manager's four steps, each of which may be called any number of times.

The password is set by RDS and not by SQL, on whichever cluster is the writer now: a stack's update would set it on a
cluster that may have become a reader. Between the second step and the last one a new connection must try both versions.
"""

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from landbridge.agents.postgres_login import Login, logs_in

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"
PATIENCE, PAUSE = 240, 5  # seconds: RDS takes up to some minutes to set a password
PASSWORD_BYTES = 32


def handler(event: Mapping[str, Any], _context: object) -> None:
    """What Secrets Manager calls; what fails is raised, because it tries again by that."""
    told = Rotation.of(os.environ).handle(event)
    print(json.dumps({"step": event["Step"], "told": told}))  # noqa: T201 - a function's log is what it prints


@dataclass(frozen=True)
class Rotation:
    """The four steps, with everything they need of the world handed in."""

    region: str
    cluster: str
    global_cluster: str
    client: Callable[[str, str], Any]
    logs_in: Callable[[Login], bool]
    password: Callable[[], str]
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Rotation":
        """As Lambda runs it."""
        return cls(
            environment["AWS_REGION"],
            environment["CLUSTER"],
            environment["GLOBAL_CLUSTER"],
            _client,
            lambda login: logs_in(login, secrets.token_urlsafe),
            lambda: secrets.token_urlsafe(PASSWORD_BYTES),
            time.monotonic,
            time.sleep,
        )

    def handle(self, event: Mapping[str, Any]) -> str:
        """One step; what came of it in words without any secret."""
        secret, version = str(event["SecretId"]), str(event["ClientRequestToken"])
        stages = self._secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
        if CURRENT in stages.get(version, ()):
            return "this version is in use already"
        if PENDING not in stages.get(version, ()):
            raise ValueError(f"{secret}: version {version} is not being rotated")
        match event["Step"]:
            case "createSecret":
                return self._create(secret, version)
            case "setSecret":
                return self._set(self._value(secret, PENDING, version))
            case "testSecret":
                return self._test(self._value(secret, PENDING, version))
            case "finishSecret":
                return self._finish(secret, version, stages)
        raise ValueError(f"{event['Step']} is no step of a rotation")

    def _create(self, secret: str, version: str) -> str:
        try:
            self._value(secret, PENDING, version)
        except self._secrets.exceptions.ResourceNotFoundException:
            value = {**self._value(secret, CURRENT), "password": self.password()}
            text = json.dumps(value)
            call = self._secrets.put_secret_value
            call(SecretId=secret, ClientRequestToken=version, SecretString=text, VersionStages=[PENDING])
            return "a new password is made"
        return "the new password is there already"

    def _set(self, value: Mapping[str, str]) -> str:
        region, cluster = self._writer()
        if cluster["MasterUsername"] != value["username"]:
            raise ValueError(f"the secret is of another user than the master of {cluster['DBClusterIdentifier']}")
        if self.logs_in(_login(cluster, value)):
            return "the new password is set already"
        name = cluster["DBClusterIdentifier"]
        rds = self.client("rds", region)
        rds.modify_db_cluster(DBClusterIdentifier=name, MasterUserPassword=value["password"], ApplyImmediately=True)
        return f"the new password is being set on {name} in {region}"

    def _test(self, value: Mapping[str, str]) -> str:
        """Asks until the new password is taken: setting it takes RDS a while, in which a switchover may happen."""
        until = self.clock() + PATIENCE
        while True:
            _, cluster = self._writer()
            if self.logs_in(_login(cluster, value)):
                return f"{cluster['DBClusterIdentifier']} takes the new password"
            if self.clock() + PAUSE > until:
                raise TimeoutError(f"{cluster['DBClusterIdentifier']} does not take the new password after {PATIENCE} s")
            self.sleep(PAUSE)

    def _finish(self, secret: str, version: str, stages: Mapping[str, list[str]]) -> str:
        before = next((each for each, names in stages.items() if CURRENT in names), None)
        leaving = {"RemoveFromVersionId": before} if before else {}
        move = self._secrets.update_secret_version_stage
        move(SecretId=secret, VersionStage=CURRENT, MoveToVersionId=version, **leaving)
        return "the new password is in use"

    def _value(self, secret: str, stage: str, version: str = "") -> dict[str, str]:
        which = {"VersionId": version} if version else {}
        found = self._secrets.get_secret_value(SecretId=secret, VersionStage=stage, **which)
        return dict(json.loads(found["SecretString"]))

    def _writer(self) -> tuple[str, Mapping[str, Any]]:
        """In which region the writer is now, and what it is; alone in the world it is the one of this region."""
        own = self.client("rds", self.region)
        try:
            found = own.describe_global_clusters(GlobalClusterIdentifier=self.global_cluster)["GlobalClusters"]
            members = [member for each in found for member in each["GlobalClusterMembers"]]
        except own.exceptions.GlobalClusterNotFoundFault:
            members = []
        name = next((str(member["DBClusterArn"]) for member in members if member["IsWriter"]), self.cluster)
        region = name.split(":")[3] if name.startswith("arn:") else self.region
        identifier = name.rpartition(":")[2]
        return region, self.client("rds", region).describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"][0]

    @property
    def _secrets(self) -> Any:
        return self.client("secretsmanager", self.region)


def _login(cluster: Mapping[str, Any], value: Mapping[str, str]) -> Login:
    return Login(cluster["Endpoint"], value["username"], value["password"], value["dbname"], int(cluster["Port"]))


def _client(service: str, region: str) -> Any:
    config = Config(region_name=region, connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.session.Session().client(service, config=config)
