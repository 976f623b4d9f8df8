"""Weighted records of one origin name in Route 53, one for each region, each with a health check of its own.

Route 53's control plane answers from us-east-1 alone: where it is out, weights can't be read or set, and only the
health checks move traffic.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from landbridge.aws.clients import GLOBAL_HOME, Clients, speaking
from landbridge.model.errors import Refused
from landbridge.model.region import Pair, Region


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One region's API as DNS names it."""

    region: Region
    domain: str
    health_path: str


@dataclass(frozen=True)
class Route53Traffic:
    """Two weighted CNAME records that share a name."""

    clients: Clients
    name: str
    regions: Pair[Region]
    endpoint: Callable[[Region], Endpoint]
    ttl: int
    check_interval: int = 10
    check_failures: int = 3
    takes_at_most: float = 2.5
    reference: Callable[[], str] = lambda: uuid4().hex  # Route 53 remembers a deleted check's for days and refuses it

    def percent(self) -> int | None:
        """The share of reads the target's record gets; None = it has no record."""
        records = self._records()
        target = records.get(self.regions.target)
        if target is None:
            return None
        whole = sum(record["Weight"] for record in records.values())
        return round(100 * target["Weight"] / whole) if whole else 0

    def send(self, percent: int) -> None:
        """Set both records in one change, keeping their health checks."""
        records = self._records()
        weights = {self.regions.source: 100 - percent, self.regions.target: percent}
        if absent := [region for region in weights if region not in records]:
            raise Refused(absent[0], f"weight {percent} for {self.name}", "there is no record for this region")
        self._change([{"Action": "UPSERT", "ResourceRecordSet": {**records[r], "Weight": w}} for r, w in weights.items()])

    def add_source(self) -> None:
        """Give the source a record that gets everything; for a platform that has none yet."""
        if self.regions.source not in self._records():
            self._add(self.endpoint(self.regions.source), 100)

    def add_target(self) -> None:
        """Give the target a record at weight 0 and a health check."""
        if self.regions.target not in self._records():
            self._add(self.endpoint(self.regions.target), 0)

    def remove_target(self) -> None:
        """Take the target's record away, then its health check."""
        region = self.regions.target
        if record := self._records().get(region):
            self._change([{"Action": "DELETE", "ResourceRecordSet": record}])
        for check in self._checks(self.endpoint(region)):
            with speaking(GLOBAL_HOME, "DeleteHealthCheck"):
                self._route53().delete_health_check(HealthCheckId=check)

    def _add(self, endpoint: Endpoint, weight: int) -> None:
        record = {
            "Name": self.name,
            "Type": "CNAME",
            "SetIdentifier": str(endpoint.region),
            "Weight": weight,
            "TTL": self.ttl,
            "ResourceRecords": [{"Value": endpoint.domain}],
            "HealthCheckId": (self._checks(endpoint) or [self._new_check(endpoint)])[0],
        }
        self._change([{"Action": "UPSERT", "ResourceRecordSet": record}])

    def _new_check(self, endpoint: Endpoint) -> str:
        settings = {
            "Type": "HTTPS",
            "FullyQualifiedDomainName": endpoint.domain,
            "ResourcePath": endpoint.health_path,
            "RequestInterval": self.check_interval,
            "FailureThreshold": self.check_failures,
        }
        with speaking(GLOBAL_HOME, "CreateHealthCheck"):
            made = self._route53().create_health_check(CallerReference=self.reference(), HealthCheckConfig=settings)
        return str(made["HealthCheck"]["Id"])

    def _checks(self, endpoint: Endpoint) -> list[str]:
        found: list[str] = []
        with speaking(GLOBAL_HOME, "ListHealthChecks"):
            for page in self._route53().get_paginator("list_health_checks").paginate():
                checks = page["HealthChecks"]
                found += [c["Id"] for c in checks if c["HealthCheckConfig"].get("FullyQualifiedDomainName") == endpoint.domain]
        return sorted(found)

    def _records(self) -> dict[Region, dict[str, Any]]:
        with speaking(GLOBAL_HOME, "ListResourceRecordSets"):
            answer = self._route53().list_resource_record_sets(
                HostedZoneId=self._zone(), StartRecordName=self.name, StartRecordType="CNAME", MaxItems="10"
            )
        ours = [r for r in answer["ResourceRecordSets"] if r["Name"].rstrip(".") == self.name and "Weight" in r]
        return {Region(record["SetIdentifier"]): record for record in ours}

    def _change(self, changes: list[dict[str, Any]]) -> None:
        with speaking(GLOBAL_HOME, "ChangeResourceRecordSets"):
            self._route53().change_resource_record_sets(HostedZoneId=self._zone(), ChangeBatch={"Changes": changes})

    def _zone(self) -> str:
        with speaking(GLOBAL_HOME, "ListHostedZones"):
            pages = self._route53().get_paginator("list_hosted_zones").paginate()
            zones = [zone for page in pages for zone in page["HostedZones"] if not zone.get("Config", {}).get("PrivateZone")]
        fitting = [zone for zone in zones if f".{self.name}.".endswith(f".{zone['Name']}")]
        if not fitting:
            raise Refused(GLOBAL_HOME, f"a record for {self.name}", "no hosted zone of this account holds that name")
        return str(max(fitting, key=lambda zone: len(zone["Name"]))["Id"])

    def _route53(self) -> Any:
        return self.clients.client("route53", GLOBAL_HOME, retries=False)
