"""The rotation of one instance: the same four steps, on the writer alone."""

from dataclasses import dataclass
from typing import Any

import pytest
from tests.unit.agents.test_rotate_secret import HOME, NEW, STEPS, Account

from landbridge.agents.postgres_login import Login
from landbridge.agents.rotate_instance import Rotation

NAME = "database-prod-blue"


@dataclass
class Alone(Account):
    """The same account with one instance instead of clusters."""

    source: str = ""

    def describe_db_instances(self, DBInstanceIdentifier: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """The instance of the region that is asked."""
        assert (self.region, DBInstanceIdentifier) == (HOME, NAME)
        found = {"MasterUsername": "platform", "Endpoint": {"Address": HOME, "Port": 5432}}
        copied = {"ReadReplicaSourceDBInstanceIdentifier": self.source} if self.source else {}
        return {"DBInstances": [{**found, **copied}]}

    def modify_db_instance(self, DBInstanceIdentifier: str, MasterUserPassword: str, ApplyImmediately: bool) -> None:  # noqa: FBT001, N803
        """Takes effect only after a while."""
        assert (DBInstanceIdentifier, ApplyImmediately) == (NAME, True)
        self.coming = MasterUserPassword
        self.set_in.append(self.region)

    def logs_in(self, login: Login) -> bool:
        """It knows one password."""
        assert (login.host, login.port) == (HOME, 5432)
        return login.password == self.taken


def _step(account: Alone, step: str) -> str:
    rotation = Rotation(
        region=HOME,
        instance=NAME,
        client=account.client,
        logs_in=account.logs_in,
        password=lambda: NEW,
        clock=lambda: account.now,
        sleep=account.sleep,
    )
    return rotation.handle({"SecretId": "s", "ClientRequestToken": "two", "Step": step})


@pytest.mark.parametrize("times", [1, 2])
def test_four_steps_change_the_password_of_the_instance(times: int) -> None:
    """However often a step comes: what is in use in the end is what the database takes."""
    account = Alone()
    for step in STEPS:
        for _ in range(times):
            _step(account, step)
    assert account.stages["two"] == ["AWSPENDING", "AWSCURRENT"]
    assert account.taken == NEW
    assert set(account.set_in) == {HOME}


def test_a_replica_is_not_set() -> None:
    """Its password is its writer's, and RDS would refuse after the secret was changed."""
    account = Alone(source="arn:aws:rds:us-east-1:1:db:database-prod-blue")
    _step(account, "createSecret")
    with pytest.raises(ValueError, match="rotate the secret in that one's region"):
        _step(account, "setSecret")
    assert account.set_in == []
