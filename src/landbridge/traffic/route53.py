"""Weighted records of one origin name in Route 53, one for each region, each with its region's health check.

Route 53's control plane answers from us-east-1 alone: where it is out, weights can't be read or set, and only the
health checks move traffic.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import GLOBAL_HOME, Clients, speaking
from landbridge.model.errors import Refused
from landbridge.model.region import Pair, Region


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One region's API as DNS names it, and the health check that says whether it may serve; empty = it always may."""

    region: Region
    domain: str
    health_check: str


@dataclass(frozen=True)
class Route53Traffic:
    """Two weighted CNAME records that share a name; they belong to whoever moves reads, and to no stack (decision 0040)."""

    clients: Clients
    name: str
    regions: Pair[Region]
    endpoint: Callable[[Region], Endpoint]
    ttl: int

    @property
    def takes_at_most(self) -> float:
        """A call is sent once and given up after its timeouts."""
        return self.clients.timeouts.once

    def percent(self) -> int | None:
        """The share of reads the target's record gets; None = it has no record."""
        records = self._records()
        target = records.get(self.regions.target)
        if target is None:
            return None
        whole = sum(record["Weight"] for record in records.values())
        return round(100 * target["Weight"] / whole) if whole else 0

    def lacks(self) -> Iterator[str]:
        """That the source has no record yet, with the way out: no share of nothing can be given."""
        if self.regions.source not in self._records():
            yield f"{self.name} has no weighted record for {self.regions.source}: deploy the platform again, which makes it"

    def send(self, percent: int) -> None:
        """Set both records in one change, keeping their health checks."""
        records = self._records()
        weights = {self.regions.source: 100 - percent, self.regions.target: percent}
        if absent := [region for region in weights if region not in records]:
            raise Refused(absent[0], f"weight {percent} for {self.name}", "there is no record for this region")
        self._change([{"Action": "UPSERT", "ResourceRecordSet": {**records[r], "Weight": w}} for r, w in weights.items()])

    def name_first(self, region: Region) -> None:
        """Give the name its first record, which gets everything; one that stands keeps its weight, and leads where it should."""
        records = self._records()
        if not records:
            self._put(region, 100)
        for standing, record in records.items():
            if record != {**record, **self._leading(self.endpoint(standing))}:
                self._put(standing, record["Weight"])

    def add_target(self) -> None:
        """Give the target a record at weight 0."""
        if self.regions.target not in self._records():
            self._put(self.regions.target, 0)

    def remove_target(self) -> None:
        """Take the target's record away."""
        self.forget(self.regions.target)

    def has(self, region: Region) -> bool:
        """Whether a region has a record, whatever it weighs."""
        return region in self._records()

    def forget(self, region: Region) -> None:
        """Take a region's record away, whatever it weighs; idempotent."""
        if record := self._records().get(region):
            self._change([{"Action": "DELETE", "ResourceRecordSet": record}])

    def _put(self, region: Region, weight: int) -> None:
        told = {"Name": self.name, "Type": "CNAME", "SetIdentifier": str(region), "Weight": weight}
        self._change([{"Action": "UPSERT", "ResourceRecordSet": {**told, **self._leading(self.endpoint(region))}}])

    def _leading(self, endpoint: Endpoint) -> dict[str, Any]:
        """What of a record its region's stacks tell."""
        checked = {"HealthCheckId": endpoint.health_check} if endpoint.health_check else {}
        return {"TTL": self.ttl, "ResourceRecords": [{"Value": endpoint.domain}], **checked}

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
