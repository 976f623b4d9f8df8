"""The four steps by which Secrets Manager changes a database's password, each of which may be called any number of times.

The password is set by RDS and not by SQL: a stack's update would set it on a database that may have become a reader.
Between the second step and the last one a new connection must try both versions.
"""

import json
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from landbridge.agents.postgres_login import Login, logs_in

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"
PATIENCE, PAUSE = 240, 5  # seconds: RDS takes up to some minutes to set a password
PASSWORD_BYTES = 32


@dataclass(frozen=True)
class Writer:
    """The database that is written to, and where."""

    region: str
    name: str
    user: str
    host: str
    port: int

    def login(self, value: Mapping[str, str]) -> Login:
        """Whom to ask whether it takes a password."""
        return Login(self.host, value["username"], value["password"], value["dbname"], self.port)


@dataclass(frozen=True, kw_only=True)
class Steps(ABC):
    """The four steps, with everything they need of the world handed in."""

    region: str
    client: Callable[[str, str], Any]
    logs_in: Callable[[Login], bool]
    password: Callable[[], str]
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @abstractmethod
    def writer(self) -> Writer:
        """The database that is written to now."""

    @abstractmethod
    def put(self, writer: Writer, password: str) -> None:
        """Has its master's password set at once; it is taken after a while."""

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
        writer = self.writer()
        if writer.user != value["username"]:
            raise ValueError(f"the secret is of another user than the master of {writer.name}")
        if self.logs_in(writer.login(value)):
            return "the new password is set already"
        self.put(writer, value["password"])
        return f"the new password is being set on {writer.name} in {writer.region}"

    def _test(self, value: Mapping[str, str]) -> str:
        """Asks until the new password is taken: setting it takes RDS a while, in which a switchover may happen."""
        until = self.clock() + PATIENCE
        while True:
            writer = self.writer()
            if self.logs_in(writer.login(value)):
                return f"{writer.name} takes the new password"
            if self.clock() + PAUSE > until:
                raise TimeoutError(f"{writer.name} does not take the new password after {PATIENCE} s")
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

    @property
    def _secrets(self) -> Any:
        return self.client("secretsmanager", self.region)


def world(environment: Mapping[str, str]) -> dict[str, Any]:
    """What the steps need, as Lambda has it."""
    return {
        "region": environment["AWS_REGION"],
        "client": _client,
        "logs_in": lambda login: logs_in(login, secrets.token_urlsafe),
        "password": lambda: secrets.token_urlsafe(PASSWORD_BYTES),
        "clock": time.monotonic,
        "sleep": time.sleep,
    }


def say(event: Mapping[str, Any], told: str) -> None:
    """A function's log is what it prints: the step, and what came of it without any secret."""
    print(json.dumps({"step": event["Step"], "told": told}))  # noqa: T201 - a function's log is what it prints


def _client(service: str, region: str) -> Any:
    config = Config(region_name=region, connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.session.Session().client(service, config=config)
