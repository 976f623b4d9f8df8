"""The data plane takes over what the control plane says, all of it, and keeps it while nothing is said."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from tests.unit.rehearse_world.servers import until

from landbridge.model.region import Region
from landbridge.rehearse.fabric.addresses import Addresses
from landbridge.rehearse.fabric.dns import Resolver
from landbridge.rehearse.fabric.health import HealthChecks
from landbridge.rehearse.fabric.route53 import Route53

NAME = "origin.trading.example"


@dataclass
class ControlPlane:
    """Route 53 with pages of one entry; out when told so. Stands for the client and the factory at once."""

    records: list[dict[str, Any]] = field(default_factory=list)
    out: bool = False
    asked: int = 0

    def client(self, _: str, __: Region) -> "ControlPlane":
        """Itself."""
        return self

    def list_hosted_zones(self, Marker: str = "0") -> dict[str, Any]:  # noqa: N803 - the API's own name
        """Two zones, one a page."""
        self.asked += 1
        if self.out:
            raise EndpointConnectionError(endpoint_url="http://out")
        return {"HostedZones": [{"Id": f"Z{Marker}"}], "IsTruncated": Marker == "0", "NextMarker": "1"}

    def list_health_checks(self) -> dict[str, Any]:
        """One check."""
        config = {"Type": "CALCULATED", "HealthThreshold": 1}
        return {"HealthChecks": [{"Id": "c", "HealthCheckConfig": config}], "IsTruncated": False}

    def list_resource_record_sets(self, HostedZoneId: str, **start: str) -> dict[str, Any]:  # noqa: N803
        """The records of the second zone, one a page."""
        if HostedZoneId == "Z0":
            return {"ResourceRecordSets": [{"Name": "example.", "Type": "SOA"}], "IsTruncated": False}
        at = int(start.get("StartRecordIdentifier", "0"))
        more = at + 1 < len(self.records)
        following = {"NextRecordName": NAME, "NextRecordType": "CNAME", "NextRecordIdentifier": str(at + 1)}
        return {"ResourceRecordSets": self.records[at : at + 1], "IsTruncated": more, **(following if more else {})}


def record(value: str, **more: Any) -> dict[str, Any]:
    """A CNAME of the origin."""
    return {"Name": f"{NAME}.", "Type": "CNAME", "TTL": 0, "ResourceRecords": [{"Value": value}], **more}


def test_everything_is_read_page_by_page_and_kept_through_an_outage() -> None:
    """Weights, identifiers and checks arrive; an unreachable control plane changes nothing."""

    async def run() -> None:
        weighted = record("s.example", Weight=7, SetIdentifier="s", HealthCheckId="c")
        control = ControlPlane([weighted, record("t.example", Weight=0)])
        checks = HealthChecks(Addresses({}), 1.0, 3, lambda _: None)
        resolver = Resolver(50, 1, checks.healthy, lambda: 0.0)
        plane = Route53(control, resolver, checks, 0.01)  # type: ignore[arg-type]
        task = asyncio.create_task(plane.run())
        await until(lambda: bool(resolver.zone))
        assert [(one.value, one.weight, one.identifier, one.health_check) for one in resolver.zone[NAME]] == [
            ("s.example", 7, "s", "c"),
            ("t.example", 0, "", None),
        ]
        assert resolver.resolve(NAME, "viewer") == "t.example"
        control.out = True
        asked = control.asked
        await until(lambda: control.asked > asked + 2)
        assert len(resolver.zone[NAME]) == 2
        control.out = False
        control.records = [record("u.example")]
        await until(lambda: resolver.resolve(NAME, "viewer") == "u.example")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
