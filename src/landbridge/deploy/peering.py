"""What CloudFormation can't do for a peering between regions: accept it there, and let each side resolve the other's names.

Both are settings of the connection as it is, so they are looked at first, may be set any number of times, and need
neither a custom resource nor a parameter that nobody has written yet.
"""

from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import Refused
from landbridge.model.region import Region

DNS = "AllowDnsResolutionFromRemoteVpc"


def joined(clients: Clients, connection: str, requester: Region, accepter: Region) -> bool:
    """Whether it is active, and each side resolves the other's names; changes nothing."""
    if _status(_describe(clients, connection, accepter)) != "active":
        return False
    return all(_open(clients, connection, region, side) for region, side in _sides(requester, accepter))


def join(clients: Clients, connection: str, requester: Region, accepter: Region) -> None:
    """Accepts the connection, and once it is active opens names on each side; what is done already is left alone."""
    status = _status(_describe(clients, connection, accepter))
    if status == "pending-acceptance":
        with speaking(accepter, f"AcceptVpcPeeringConnection {connection}"):
            clients.client("ec2", accepter).accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
    elif status in {"failed", "expired", "rejected", "deleted", "deleting"}:
        raise Refused(accepter, f"joining {connection}", f"the connection is {status}; delete the peering stack and deploy again")
    elif status == "active":
        for region, side in _sides(requester, accepter):
            if not _open(clients, connection, region, side):
                _opened(clients, connection, region, side)


def _sides(requester: Region, accepter: Region) -> tuple[tuple[Region, str], ...]:
    """Each side is looked at and set in its own region."""
    return (requester, "Requester"), (accepter, "Accepter")


def _open(clients: Clients, connection: str, region: Region, side: str) -> bool:
    return bool(_describe(clients, connection, region)[f"{side}VpcInfo"].get("PeeringOptions", {}).get(DNS))


def _opened(clients: Clients, connection: str, region: Region, side: str) -> None:
    with speaking(region, f"ModifyVpcPeeringConnectionOptions {connection}"):
        options = {f"{side}PeeringConnectionOptions": {DNS: True}}
        clients.client("ec2", region).modify_vpc_peering_connection_options(VpcPeeringConnectionId=connection, **options)


def _describe(clients: Clients, connection: str, region: Region) -> dict[str, Any]:
    with speaking(region, f"DescribeVpcPeeringConnections {connection}"):
        answer = clients.client("ec2", region).describe_vpc_peering_connections(VpcPeeringConnectionIds=[connection])
    found: dict[str, Any] = answer["VpcPeeringConnections"][0]
    return found


def _status(found: dict[str, Any]) -> str:
    return str(found["Status"]["Code"])
