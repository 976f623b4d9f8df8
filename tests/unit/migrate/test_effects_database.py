"""Who writes the database is asked of RDS: the one writer of the global cluster, or the cluster that stands alone."""

import json
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError
from tests.fakes import REGIONS, SOURCE, TARGET
from tests.unit.replicate.aurora_answers import S_ARN, T_ARN, Rds, both, cluster, joined, member

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.database_secret import Secret
from landbridge.migrate.adapters.effects import EffectsDatabase
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.replicate.login import Login


@pytest.fixture(name="told")
def _told() -> dict[Region, Rds]:
    """Both regions' RDS, which say nothing yet."""
    return {}


@pytest.fixture(name="database")
def _database(told: dict[Region, Rds]) -> EffectsDatabase:
    """Over both."""
    aurora, rds = both()
    told |= rds
    return EffectsDatabase(aurora, "g", Pair("s", "t"), REGIONS, Login("u", lambda: "p", "d", {}))


def test_before_the_clusters_are_joined_the_one_there_is_writes(database: EffectsDatabase, told: dict[Region, Rds]) -> None:
    """None at all, or two that know nothing of each other: nobody knows."""
    with pytest.raises(Unreachable, match="no one writer"):
        database.writer()
    told[SOURCE].clusters["s"] = cluster("s", S_ARN)
    assert database.writer() == SOURCE
    told[TARGET].clusters["t"] = cluster("t", T_ARN)
    with pytest.raises(Unreachable, match="no one writer"):
        database.writer()


def test_joined_clusters_have_one_writer(database: EffectsDatabase, told: dict[Region, Rds]) -> None:
    """While it moves, there is none; a region that is out leaves the other to tell."""
    members = (member(S_ARN, writes=False), member(T_ARN, writes=True))
    for region in REGIONS:
        told[region].globals["g"] = joined(*members)
    assert database.writer() == TARGET
    told[SOURCE].out = True
    assert database.writer() == TARGET
    told[TARGET].globals["g"] = joined(*members, status="switching-over")
    with pytest.raises(Unreachable):
        database.writer()


def test_a_cluster_alone_is_not_believed_while_the_other_region_is_out(
    database: EffectsDatabase, told: dict[Region, Rds]
) -> None:
    """It may have a cluster too."""
    told[SOURCE].clusters["s"] = cluster("s", S_ARN)
    told[TARGET].out = True
    with pytest.raises(Unreachable):
        database.writer()


@dataclass
class Secrets:
    """One region's, with a password or without."""

    password: str = ""
    asked: list[str] = field(default_factory=list)

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803
        """Or AWS's no."""
        self.asked.append(SecretId)
        if not self.password:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        return {"SecretString": json.dumps({"username": "platform", "password": self.password})}


def test_the_password_is_read_anew_where_it_is_told() -> None:
    """The source's copy first; without one, the target's; in neither, it says why."""
    told, clients = {SOURCE: Secrets("old"), TARGET: Secrets("copy")}, Clients()
    for region, secrets in told.items():
        clients._made["secretsmanager", region, True] = secrets
    secret = Secret(clients, "one", REGIONS)
    assert secret.password() == "old"
    told[SOURCE].password = "new"
    assert secret.password() == "new"
    told[SOURCE].password = ""
    assert secret.password() == "copy"
    told[TARGET].password = ""
    with pytest.raises(Refused, match="GetSecretValue one"):
        secret.password()
