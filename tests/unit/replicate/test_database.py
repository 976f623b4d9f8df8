"""A database's copy is made, measured and taken away step by step, from wherever an earlier attempt ended."""

from datetime import timedelta
from typing import Any

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.replicate.aurora_answers import S_ARN, T_ARN, Rds, both, cluster, joined, member

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.replicate.database import DatabaseReplicator, Secondary
from landbridge.replicate.login import Login

BOTH = (member(S_ARN, writes=True), member(T_ARN, writes=False))


@pytest.fixture
def told() -> dict[Region, Rds]:
    """Filled by `made`."""
    return {}


@pytest.fixture
def copy(told: dict[Region, Rds]) -> DatabaseReplicator:
    """A source alone."""
    aurora, rds = both()
    told |= rds
    rds[SOURCE].clusters["s"] = cluster("s", S_ARN)
    secondary = Secondary("one-t", "db.r6g.large", "subnets", ("sg",), "key", "parameters")
    login = Login("u", lambda: "p", "d", {"sslmode": "disable"})
    return DatabaseReplicator(aurora, "g", Pair("s", "t"), REGIONS, lambda: secondary, login, Clock())


def stands(told: dict[Region, Rds], target: dict[str, Any] | None = None, *members: dict[str, Any]) -> None:
    """The global cluster with these members, and the target's cluster."""
    for rds in told.values():
        rds.globals["g"] = joined(*members)
    if target is not None:
        told[TARGET].clusters["t"] = target


def test_it_begins_with_the_source_and_ends_with_an_instance(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """Global cluster around the source, cluster with the target's own key and no credentials, instance."""
    copy.start()
    assert told[SOURCE].acts == [("create_global_cluster", {"GlobalClusterIdentifier": "g", "SourceDBClusterIdentifier": S_ARN})]
    assert told[TARGET].did == ["create_db_cluster", "create_db_instance"]
    given = told[TARGET].acts[0][1]
    assert (given["KmsKeyId"], given["EngineVersion"], given["EnableGlobalWriteForwarding"]) == ("key", "18.4", False)
    assert not {"MasterUsername", "MasterUserPassword", "DatabaseName"} & given.keys()


def test_it_goes_on_where_an_earlier_start_ended(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """A cluster without its instance is no copy yet, and gets one."""
    stands(told, cluster("t", T_ARN, instances=()), *BOTH)
    assert not copy.copied()
    copy.start()
    assert (told[SOURCE].did, told[TARGET].did) == ([], ["create_db_instance"])


def test_a_finished_copy_is_left_alone(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """Nothing is asked for a second time."""
    stands(told, cluster("t", T_ARN), *BOTH)
    assert copy.copied()
    copy.start()
    assert (told[SOURCE].did, told[TARGET].did) == ([], [])


def test_a_cluster_that_copies_nothing_is_not_joined(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """It is somebody else's."""
    stands(told, cluster("t", T_ARN), BOTH[0])
    assert copy.stranger()
    with pytest.raises(Refused, match="is no member of g"):
        copy.start()


def test_it_is_detached_before_it_is_deleted(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """One thing a look: detach, instances, cluster; until then it counts as copied."""
    stands(told, cluster("t", T_ARN), *BOTH)
    copy.stop()
    stands(told, cluster("t", T_ARN), BOTH[0])
    assert copy.copied()
    copy.stop()
    stands(told, cluster("t", T_ARN, instances=()), BOTH[0])
    assert copy.copied()
    copy.stop()
    assert told[TARGET].did == ["remove_from_global_cluster", "delete_db_instance", "delete_db_cluster"]
    stands(told, cluster("t", T_ARN, status="deleting", instances=()), BOTH[0])
    copy.stop()
    assert len(told[TARGET].acts) == 3


def test_the_writer_is_never_taken_away(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """It must be switched back first."""
    stands(told, cluster("t", T_ARN), member(S_ARN, writes=False), member(T_ARN, writes=True))
    with pytest.raises(Refused, match="switch the writer back first"):
        copy.stop()


@pytest.mark.parametrize(
    ("target", "members"),
    [
        (None, BOTH),
        (cluster("t", T_ARN, status="creating"), BOTH),
        (cluster("t", T_ARN, instances=()), BOTH),
        (cluster("t", T_ARN), BOTH[:1]),
    ],
    ids=["no cluster", "being made", "no instance", "no member"],
)
def test_without_a_readable_copy_there_is_no_lag(
    copy: DatabaseReplicator, told: dict[Region, Rds], target: dict[str, Any] | None, members: tuple[dict[str, Any], ...]
) -> None:
    """None, and never zero."""
    stands(told, target, *members)
    assert copy.lag() is None
    assert copy.position() == "log position unknown"


def test_a_database_that_does_not_answer_is_no_lag_at_all(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """Unreachable: nobody knows."""
    stands(told, cluster("t", T_ARN), *BOTH)
    with pytest.raises(Unreachable):
        copy.lag()
    with pytest.raises(Unreachable):
        copy.beat()


def test_the_lag_is_the_age_of_the_heartbeat(copy: DatabaseReplicator, monkeypatch: pytest.MonkeyPatch) -> None:
    """And never less than nothing, whatever the clocks say."""
    for at, lag in ((copy.clock() - 3.0, 3.0), (copy.clock() + 5.0, 0.0)):
        monkeypatch.setattr(DatabaseReplicator, "_newest", lambda _, at=at: (at, "0/1"))
        assert copy.lag() == timedelta(seconds=lag)


def test_a_source_that_is_gone_is_named(copy: DatabaseReplicator, told: dict[Region, Rds]) -> None:
    """With its region."""
    told[SOURCE].clusters.clear()
    with pytest.raises(Refused, match=f"refused in {SOURCE}: there is no cluster s"):
        copy.start()
