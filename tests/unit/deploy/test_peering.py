"""A connection between regions is accepted and resolves names both ways, however often it is asked for."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from landbridge.aws.clients import Clients
from landbridge.deploy.peering import DNS, join, joined
from landbridge.model.errors import Refused
from landbridge.model.region import Region

HERE, THERE = Region("eu-central-1"), Region("us-east-1")


@dataclass
class Connection:
    """One connection as both regions see it."""

    status: str
    dns: dict[str, bool] = field(default_factory=lambda: {"Requester": False, "Accepter": False})


@dataclass
class Ec2:
    """One region's EC2, which may set its own side only."""

    connection: Connection
    side: str
    acts: list[str] = field(default_factory=list)

    def describe_vpc_peering_connections(self, VpcPeeringConnectionIds: list[str]) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """The connection with both sides' options."""
        sides = {f"{side}VpcInfo": {"PeeringOptions": {DNS: open_}} for side, open_ in self.connection.dns.items()}
        return {"VpcPeeringConnections": [{"Status": {"Code": self.connection.status}, **sides}]}

    def accept_vpc_peering_connection(self, VpcPeeringConnectionId: str) -> None:  # noqa: N803
        """Only the accepter may."""
        assert self.side == "Accepter"
        self.acts.append("accept")
        self.connection.status = "active"

    def modify_vpc_peering_connection_options(self, VpcPeeringConnectionId: str, **options: dict[str, bool]) -> None:  # noqa: N803
        """Its own side, and only while the connection is active."""
        assert self.connection.status == "active"
        assert list(options) == [f"{self.side}PeeringConnectionOptions"]
        self.acts.append("dns")
        self.connection.dns[self.side] = True


def _world(status: str) -> tuple[Clients, dict[Region, Ec2]]:
    connection, clients = Connection(status), Clients()
    made = {HERE: Ec2(connection, "Requester"), THERE: Ec2(connection, "Accepter")}
    for region, ec2 in made.items():
        clients._made["ec2", region, True] = ec2
    return clients, made


def _until_joined(clients: Clients) -> int:
    """How often it had to be asked for."""
    for asked in range(9):
        if joined(clients, "pcx-1", HERE, THERE):
            return asked
        join(clients, "pcx-1", HERE, THERE)
    raise AssertionError


def test_a_waiting_connection_is_accepted_and_opened_and_then_left_alone() -> None:
    """Accepted in the accepter's region, names opened on each side, read back, and not a call more."""
    clients, made = _world("pending-acceptance")
    assert _until_joined(clients) == 2
    join(clients, "pcx-1", HERE, THERE)
    assert (made[HERE].acts, made[THERE].acts) == (["dns"], ["accept", "dns"])


def test_one_that_cloudformation_accepted_itself_is_only_opened() -> None:
    """Within one account it may be active already."""
    clients, made = _world("active")
    assert _until_joined(clients) == 1
    assert (made[HERE].acts, made[THERE].acts) == (["dns"], ["dns"])


def test_one_under_way_is_waited_for() -> None:
    """Neither accepted twice nor opened too early."""
    clients, made = _world("provisioning")
    join(clients, "pcx-1", HERE, THERE)
    assert not joined(clients, "pcx-1", HERE, THERE)
    assert made[HERE].acts + made[THERE].acts == []


@pytest.mark.parametrize("status", ["failed", "expired", "rejected", "deleted", "deleting"])
def test_a_dead_connection_is_refused_with_the_way_out(status: str) -> None:
    """One sentence; waiting would be for ever."""
    clients, _ = _world(status)
    with pytest.raises(Refused, match=f"{status}; delete the peering stack"):
        join(clients, "pcx-1", HERE, THERE)
