"""What no emulator shows: private zones, many zones, and how Route 53 is asked."""

from typing import Any

import pytest
from botocore.stub import Stubber
from tests.fakes import REGIONS, SOURCE, TARGET

from landbridge.aws.clients import GLOBAL_HOME, Clients
from landbridge.model.errors import Unreachable
from landbridge.traffic.route53 import Endpoint, Route53Traffic

CLIENTS = {SOURCE: "http://127.0.0.1:9", TARGET: "http://127.0.0.1:9"}


def zone(number: int, name: str, *, private: bool = False) -> dict[str, Any]:
    """One hosted zone."""
    return {"Id": f"/hostedzone/Z{number}", "Name": name, "CallerReference": "x", "Config": {"PrivateZone": private}}


def zones(*found: dict[str, Any], more: str | None = None) -> dict[str, Any]:
    """One page of them."""
    tail = {"IsTruncated": True, "NextMarker": more} if more else {"IsTruncated": False}
    return {"HostedZones": list(found), "Marker": "", "MaxItems": "100", **tail}


def stubbed() -> tuple[Route53Traffic, Stubber]:
    """Traffic whose client answers as laid out; every call must have been."""
    clients = Clients(CLIENTS)
    traffic = Route53Traffic(clients, "origin.trading.example", REGIONS, lambda r: Endpoint(r, f"{r}.x", "check"), ttl=5)
    stubber = Stubber(clients.client("route53", GLOBAL_HOME, retries=False))
    stubber.activate()
    return traffic, stubber


def test_a_private_zone_of_the_same_name_is_not_ours() -> None:
    """CloudFront asks the public one."""
    traffic, stubber = stubbed()
    stubber.add_response("list_hosted_zones", zones(zone(1, "trading.example.", private=True), zone(2, "trading.example.")))
    assert traffic._zone() == "/hostedzone/Z2"


def test_a_zone_on_a_later_page_is_found() -> None:
    """An account may have hundreds."""
    traffic, stubber = stubbed()
    stubber.add_response("list_hosted_zones", zones(zone(1, "other.example."), more="m"))
    stubber.add_response("list_hosted_zones", zones(zone(2, "trading.example.")), {"Marker": "m"})
    assert traffic._zone() == "/hostedzone/Z2"


def test_a_busy_zone_is_no_refusal() -> None:
    """The next look will tell."""
    traffic, stubber = stubbed()
    stubber.add_client_error("list_hosted_zones", "PriorRequestNotComplete", http_status_code=400)
    with pytest.raises(Unreachable, match="ListHostedZones: PriorRequestNotComplete"):
        traffic.percent()


def test_settings_are_never_repeated_by_the_client() -> None:
    """Nothing can fence a weight: a late repetition could undo a newer one."""
    traffic, _ = stubbed()
    assert traffic._route53().meta.config.retries["total_max_attempts"] == 1
