"""Follows the hosted zones and health checks through the Route 53 API, and keeps the last known while it is out.

The control plane lives in us-east-1; the data plane (resolvers, checkers) goes on without it, as on AWS.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import GLOBAL_HOME, Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.fabric.dns import Record, Resolver, Zone, canonical
from landbridge.rehearse.fabric.health import HealthChecks

FOLLOW_SECONDS = 0.5
MARKED = {"Marker": "NextMarker"}
SORTED = {"StartRecord" + part: "NextRecord" + part for part in ("Name", "Type", "Identifier")}


@dataclass
class Route53:
    """Hands what the control plane holds to the data plane, until cancelled."""

    clients: Clients
    resolver: Resolver
    checks: HealthChecks
    seconds: float = FOLLOW_SECONDS

    async def run(self) -> None:
        """Reads again and again; an unreachable or half-answering control plane changes nothing."""
        try:
            while True:
                with contextlib.suppress(Unreachable, Refused):  # the last known zone and checks stay
                    await self.read()
                await asyncio.sleep(self.seconds)
        finally:
            await self.checks.stop()

    async def read(self) -> None:
        """Takes over zones and checks as they are now, all of them or none."""
        configs = await self._configs()
        zone = await self._zone()
        self.checks.follow(configs)
        self.resolver.zone = zone

    async def _configs(self) -> Mapping[str, Mapping[str, Any]]:
        checks = await self._all("list_health_checks", "HealthChecks", MARKED)
        return {check["Id"]: check["HealthCheckConfig"] for check in checks}

    async def _zone(self) -> Zone:
        names: dict[str, list[Record]] = defaultdict(list)
        for hosted in await self._all("list_hosted_zones", "HostedZones", MARKED):
            for found in await self._all("list_resource_record_sets", "ResourceRecordSets", SORTED, HostedZoneId=hosted["Id"]):
                if found["Type"] == "CNAME" and found.get("ResourceRecords"):
                    names[canonical(found["Name"])].append(_record(found))
        return dict(names)

    async def _all(self, operation: str, member: str, follow: Mapping[str, str], **where: str) -> list[dict[str, Any]]:
        """Every page of a listing; `follow` names what the next question takes over from the last answer."""
        found: list[dict[str, Any]] = []
        start: dict[str, str] = {}
        while True:
            page = await ask(self.clients, "route53", GLOBAL_HOME, operation, **where, **start)
            found += page[member]
            if not page.get("IsTruncated"):
                return found
            start = {name: page[of] for name, of in follow.items() if page.get(of)}


def _record(found: Mapping[str, Any]) -> Record:
    return Record(
        name=canonical(found["Name"]),
        value=str(found["ResourceRecords"][0]["Value"]),
        ttl=int(found.get("TTL", 0)),
        identifier=str(found.get("SetIdentifier", "")),
        weight=int(found["Weight"]) if "Weight" in found else None,
        health_check=found.get("HealthCheckId"),
    )
