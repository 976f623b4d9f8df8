"""A connection between two regions is one thing at both doors, and each side does its own part."""

import re
from urllib.parse import urlencode

import pytest

from landbridge.model.region import Region
from landbridge.rehearse.emulator.peerings import Peerings, concerns

HERE, THERE, ELSEWHERE = map(Region, ("eu-central-1", "us-east-1", "eu-west-1"))
OPEN = "PeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc"


def asked(peerings: Peerings, region: Region, action: str, **form: str) -> tuple[int, str]:
    """One call."""
    told = peerings.answer(region, urlencode({"Action": action, **form}).encode())
    assert told is not None
    return told


def made(peerings: Peerings) -> str:
    """The id of a connection asked for here."""
    status, body = asked(peerings, HERE, "CreateVpcPeeringConnection", VpcId="vpc-h", PeerVpcId="vpc-t", PeerRegion=THERE)
    found = re.search("<vpcPeeringConnectionId>(pcx-[0-9a-f]{17})<", body)
    assert (status, found is not None) == (200, True)
    return str(found and found[1])


def described(peerings: Peerings, region: Region, name: str) -> tuple[str, list[str]]:
    """Its status and whose names are resolved, as this region tells it."""
    _, body = asked(peerings, region, "DescribeVpcPeeringConnections", **{"VpcPeeringConnectionId.1": name})
    opened = re.findall("<(requester|accepter)VpcInfo>.*?<allowDnsResolutionFromRemoteVpc>true", body)
    return re.findall("<code>(.*?)</code>", body)[0], opened


def test_a_connection_is_one_thing_at_both_doors() -> None:
    """Asked for here, accepted there, opened on each side, deleted: both sides tell the same."""
    peerings = Peerings()
    name = made(peerings)
    assert described(peerings, THERE, name) == described(peerings, HERE, name) == ("pending-acceptance", [])
    assert asked(peerings, THERE, "AcceptVpcPeeringConnection", VpcPeeringConnectionId=name)[0] == 200
    for region, side in ((HERE, "Requester"), (THERE, "Accepter")):
        asked(peerings, region, "ModifyVpcPeeringConnectionOptions", VpcPeeringConnectionId=name, **{f"{side}{OPEN}": "true"})
    assert described(peerings, HERE, name)[0] == "active"
    assert peerings.answer(HERE, b"Action=DescribeVpcPeeringConnections") == peerings.answer(
        THERE, b"Action=DescribeVpcPeeringConnections"
    )
    asked(peerings, THERE, "DeleteVpcPeeringConnection", VpcPeeringConnectionId=name)
    assert described(peerings, HERE, name)[0] == "deleted"


@pytest.mark.parametrize(
    ("region", "action", "form"),
    [
        (HERE, "AcceptVpcPeeringConnection", {}),
        (HERE, "ModifyVpcPeeringConnectionOptions", {f"Requester{OPEN}": "true"}),
        (ELSEWHERE, "AcceptVpcPeeringConnection", {}),
    ],
    ids=["accepted by who asked", "opened before it is active", "a region it does not touch"],
)
def test_what_ec2_refuses_is_refused(region: Region, action: str, form: dict[str, str]) -> None:
    """And nothing has changed."""
    peerings = Peerings()
    name = made(peerings)
    status, body = asked(peerings, region, action, VpcPeeringConnectionId=name, **form)
    assert (status, "<Code>Invalid" in body) == (400, True)
    assert described(peerings, HERE, name) == ("pending-acceptance", [])


def test_a_side_opens_its_own_names_alone() -> None:
    """The other side's are set in the other region."""
    peerings = Peerings()
    name = made(peerings)
    asked(peerings, THERE, "AcceptVpcPeeringConnection", VpcPeeringConnectionId=name)
    form = {f"Accepter{OPEN}": "true"}
    assert asked(peerings, HERE, "ModifyVpcPeeringConnectionOptions", VpcPeeringConnectionId=name, **form)[0] == 400


def test_everything_else_is_the_emulators() -> None:
    """Other calls of EC2, and other services."""
    assert Peerings().answer(HERE, b"Action=DescribeVpcs") is None
    assert concerns({"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-central-1/ec2/aws4_request, SignedHeaders=host"})
    assert not concerns({"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-central-1/s3/aws4_request, Signed=host"})
    assert not concerns({})
