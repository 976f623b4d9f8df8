"""The rotation's four steps: each may come twice, none can lock the platform out, and no secret is told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from landbridge.agents.postgres_login import Login
from landbridge.agents.rotate_secret import Rotation
from landbridge.agents.rotation import PATIENCE

HOME, AWAY = "eu-central-1", "us-east-1"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
NAME = "trading-analytics-database"
OLD, NEW = "first-of-all", "made-after-it"


class NotThere(Exception):
    """As both services say it."""


@dataclass
class Account:
    """A secret with its versions, and the clusters of two regions that share one master password."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    stages: dict[str, list[str]] = field(default_factory=dict)
    writer: str = HOME
    bound: bool = True
    taken: str = OLD
    coming: str = ""
    takes: int = 2
    now: float = 0.0
    set_in: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values["one"] = {"username": "platform", "dbname": "trading", "password": OLD}
        self.stages |= {"one": ["AWSCURRENT"], "two": ["AWSPENDING"]}

    @property
    def exceptions(self) -> type["Account"]:
        """As clients have them."""
        return type(self)

    ResourceNotFoundException = NotThere
    GlobalClusterNotFoundFault = NotThere

    def client(self, _service: str, region: str) -> "Account":
        """Every service of every region at once; the last region asked for is where an act happens."""
        self.region = region
        return self

    def describe_secret(self, SecretId: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """Which version has which stages."""
        return {"VersionIdsToStages": {version: list(names) for version, names in self.stages.items()}}

    def get_secret_value(self, SecretId: str, VersionStage: str, VersionId: str = "") -> dict[str, str]:  # noqa: N803
        """A version by its stage."""
        version = VersionId or next(each for each, names in self.stages.items() if VersionStage in names)
        if version not in self.values:
            raise NotThere
        return {"SecretString": json.dumps(self.values[version])}

    def put_secret_value(self, SecretId: str, ClientRequestToken: str, SecretString: str, VersionStages: list[str]) -> None:  # noqa: N803
        """A version can't be changed once it is there."""
        assert ClientRequestToken not in self.values
        self.values[ClientRequestToken], self.stages[ClientRequestToken] = json.loads(SecretString), VersionStages

    def update_secret_version_stage(
        self,
        SecretId: str,  # noqa: N803
        VersionStage: str,  # noqa: N803
        MoveToVersionId: str,  # noqa: N803
        RemoveFromVersionId: str = "",  # noqa: N803
    ) -> None:
        """A stage is on one version at a time."""
        self.stages[RemoveFromVersionId].remove(VersionStage)
        self.stages[MoveToVersionId].append(VersionStage)

    def describe_global_clusters(self, GlobalClusterIdentifier: str) -> dict[str, Any]:  # noqa: N803
        """Who is in it, and who of them writes."""
        if not self.bound:
            raise NotThere
        arns = {region: f"arn:aws:rds:{region}:1:cluster:{NAME}-{region}" for region in (HOME, AWAY)}
        members = [{"DBClusterArn": arn, "IsWriter": region == self.writer} for region, arn in arns.items()]
        return {"GlobalClusters": [{"GlobalClusterMembers": members}]}

    def describe_db_clusters(self, DBClusterIdentifier: str) -> dict[str, Any]:  # noqa: N803
        """One cluster of the region that is asked."""
        assert DBClusterIdentifier == f"{NAME}-{self.region}"
        found = {"DBClusterIdentifier": DBClusterIdentifier, "Endpoint": self.region, "Port": 5432, "MasterUsername": "platform"}
        return {"DBClusters": [found]}

    def modify_db_cluster(self, DBClusterIdentifier: str, MasterUserPassword: str, ApplyImmediately: bool) -> None:  # noqa: FBT001, N803
        """Takes effect only after a while."""
        assert ApplyImmediately
        self.coming = MasterUserPassword
        self.set_in.append(self.region)

    def logs_in(self, login: Login) -> bool:
        """The writer knows one password."""
        assert (login.host, login.user, login.database) == (self.writer, "platform", "trading")
        return login.password == self.taken

    def sleep(self, seconds: float) -> None:
        """While somebody waits, RDS gets on with it."""
        self.now += seconds
        self.takes -= 1
        if self.takes == 0:
            self.taken = self.coming


def _step(account: Account, step: str, version: str = "two") -> str:
    made = iter([NEW, "a third"])
    rotation = Rotation(
        region=HOME,
        cluster=f"{NAME}-{HOME}",
        global_cluster=NAME,
        client=account.client,
        logs_in=account.logs_in,
        password=lambda: next(made),
        clock=lambda: account.now,
        sleep=account.sleep,
    )
    event: Mapping[str, Any] = {"SecretId": "s", "ClientRequestToken": version, "Step": step}
    return rotation.handle(event)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(("writer", "bound"), [(HOME, True), (AWAY, True), (HOME, False)])
def test_four_steps_change_the_password_on_the_writer(writer: str, bound: bool, times: int) -> None:  # noqa: FBT001
    """Wherever it is and however often a step comes: what is in use in the end is what the database takes."""
    account = Account(writer=writer, bound=bound)
    for step in STEPS:
        for _ in range(times):
            _step(account, step)
    assert account.stages == {"one": [], "two": ["AWSPENDING", "AWSCURRENT"]}
    assert account.values["two"] == {"username": "platform", "dbname": "trading", "password": NEW}
    assert account.taken == NEW
    assert set(account.set_in) == {writer}


def test_a_password_that_is_set_is_not_set_again() -> None:
    """Setting one costs the cluster some minutes in which it can't be switched over."""
    account = Account()
    for step in (*STEPS[:3], "setSecret"):
        _step(account, step)
    assert account.set_in == [HOME]


def test_a_password_the_database_never_takes_is_never_in_use() -> None:
    """The third step gives up in time, and the old version stays the current one."""
    account = Account(takes=10_000)
    for step in STEPS[:2]:
        _step(account, step)
    with pytest.raises(TimeoutError, match="does not take the new password"):
        _step(account, "testSecret")
    assert account.now <= PATIENCE
    assert account.stages["one"] == ["AWSCURRENT"]


def test_a_secret_of_another_user_is_not_set() -> None:
    """RDS would set it as the master's all the same, and lock the master out."""
    account = Account()
    _step(account, "createSecret")
    account.values["two"]["username"] = "analyst"
    with pytest.raises(ValueError, match="of another user"):
        _step(account, "setSecret")
    assert account.set_in == []


@pytest.mark.parametrize(("step", "version", "why"), [("createSecret", "three", "not being rotated"), ("else", "two", "no step")])
def test_what_is_no_step_of_this_rotation_is_refused(step: str, version: str, why: str) -> None:
    """A version nobody began, and a step nobody knows."""
    with pytest.raises(ValueError, match=why):
        _step(Account(), step, version)


def test_no_step_tells_a_secret() -> None:
    """RU-6 and RU-7: what a step says goes into a log."""
    account = Account()
    told = " ".join(_step(account, step) for step in STEPS)
    assert OLD not in told
    assert NEW not in told
