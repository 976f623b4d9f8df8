"""Connections between networks of two regions, told alike at both doors: each emulator knows its own region alone.

As on AWS a connection is asked for on one side, accepted on the other, and each side opens its names by itself.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from landbridge.model.region import Region
from landbridge.rehearse.emulator.refusal import SERVICE

REQUESTER, ACCEPTER = "Requester", "Accepter"
DNS = "AllowDnsResolutionFromRemoteVpc"
OWNER = "000000000000"
ANSWER = '<{0} xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">{1}</{0}>'
ERROR = "<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors></Response>"
UNKNOWN, NOT_YET = "InvalidVpcPeeringConnectionID.NotFound", "InvalidStateTransition"

Told = tuple[int, str]


def concerns(headers: Mapping[str, str]) -> bool:
    """Whether a request is for EC2."""
    found = SERVICE.search(headers.get("Authorization", ""))
    return found is not None and found["service"] == "ec2"


@dataclass
class Connection:
    """One connection; the side of each region, its network, and whether it resolves the other's names."""

    name: str
    sides: Mapping[Region, str]
    networks: Mapping[str, str]
    status: str = "pending-acceptance"
    opened: set[str] = field(default_factory=set)

    def told(self) -> str:
        """As EC2 describes it."""
        sides = "".join(
            f"<{side.lower()}VpcInfo><ownerId>{OWNER}</ownerId><region>{region}</region>"
            f"<vpcId>{escape(self.networks[side])}</vpcId><peeringOptions><allowDnsResolutionFromRemoteVpc>"
            f"{str(side in self.opened).lower()}</allowDnsResolutionFromRemoteVpc></peeringOptions></{side.lower()}VpcInfo>"
            for region, side in self.sides.items()
        )
        name = f"<vpcPeeringConnectionId>{self.name}</vpcPeeringConnectionId>"
        return f"{name}{sides}<status><code>{self.status}</code></status>"


@dataclass
class Peerings:
    """Every connection of a world."""

    _made: dict[str, Connection] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def answer(self, region: Region, body: bytes) -> Told | None:
        """What EC2 of this region says, with its status; None for a call about anything else."""
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        action = form.get("Action", "")
        match action:
            case "CreateVpcPeeringConnection":
                inner = f"<vpcPeeringConnection>{self._create(region, form).told()}</vpcPeeringConnection>"
            case "DescribeVpcPeeringConnections" if "VpcPeeringConnectionId.1" not in form:
                inner = self._listed([each for each in self._made.values() if region in each.sides])
            case "DescribeVpcPeeringConnections":
                return self._of(region, form["VpcPeeringConnectionId.1"], action, form)
            case "AcceptVpcPeeringConnection" | "ModifyVpcPeeringConnectionOptions" | "DeleteVpcPeeringConnection":
                return self._of(region, form.get("VpcPeeringConnectionId", ""), action, form)
            case _:
                return None
        return 200, ANSWER.format(f"{action}Response", inner)

    def _create(self, region: Region, form: Mapping[str, str]) -> Connection:
        other = Region(form.get("PeerRegion", region))
        networks = {REQUESTER: form["VpcId"], ACCEPTER: form["PeerVpcId"]}
        made = Connection(f"pcx-{next(self._numbers):017x}", {region: REQUESTER, other: ACCEPTER}, networks)
        self._made[made.name] = made
        return made

    def _of(self, region: Region, name: str, action: str, form: Mapping[str, str]) -> Told:
        """A call about one connection, by the side this region is."""
        connection = self._made.get(name)
        if connection is None or region not in connection.sides:
            return 400, ERROR.format(UNKNOWN, f"The vpcPeeringConnection ID '{escape(name)}' does not exist")
        if refused := _act(connection, connection.sides[region], action, form):
            return 400, ERROR.format(NOT_YET, refused)
        inner = {
            "AcceptVpcPeeringConnection": f"<vpcPeeringConnection>{connection.told()}</vpcPeeringConnection>",
            "DescribeVpcPeeringConnections": self._listed([connection]),
        }
        return 200, ANSWER.format(f"{action}Response", inner.get(action, "<return>true</return>"))

    def _listed(self, connections: list[Connection]) -> str:
        items = "".join(f"<item>{each.told()}</item>" for each in connections)
        return f"<vpcPeeringConnectionSet>{items}</vpcPeeringConnectionSet>"


def _act(connection: Connection, side: str, action: str, form: Mapping[str, str]) -> str:
    """Does it, or says why not."""
    match action:
        case "AcceptVpcPeeringConnection" if side != ACCEPTER or connection.status != "pending-acceptance":
            return f"{connection.name} is {connection.status} and accepted by its accepter alone"
        case "AcceptVpcPeeringConnection":
            connection.status = "active"
        case "ModifyVpcPeeringConnectionOptions":
            wanted = form.get(f"{side}PeeringConnectionOptions.{DNS}")
            if connection.status != "active" or wanted is None:
                return f"{connection.name} is {connection.status}, and each side sets its own options"
            (connection.opened.add if wanted == "true" else connection.opened.discard)(side)
        case "DeleteVpcPeeringConnection":
            connection.status = "deleted"
    return ""
