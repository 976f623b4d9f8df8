"""What a region's spec answers of what the templates ask: values of parameters, by stack."""

from collections.abc import Mapping
from typing import Any

from landbridge.config.payments import Payments, RegionSpec

Values = Mapping[str, Mapping[str, Any]]


def given(platform: Payments, here: RegionSpec) -> Values:
    """Every value that differs between regions, in one of them; who a stack's feeds come from is the manifest's."""
    first, limits, task = platform.first, here.limits, here.task
    born = {"BirthRegion": first.region}
    return {
        "network": {"VpcCidr": here.vpc_cidr, "NatGateways": here.nat},
        **({"peering": {"PeerRegion": here.copies_from}} if here.copies_from else _owned(platform)),
        "database": {**born, "InstanceClass": here.database_class},
        "uploads": {**born, **_copied(platform, here)},
        "firewall": {"BlockedCountries": ",".join(here.blocked_countries), "RequestsPerAddress": here.requests},
        "events": {"EventsAtOnce": here.events_at_once},
        "service": {
            "Cpu": task.cpu,
            "Memory": task.memory,
            "LeastTasks": task.least,
            "MostTasks": task.most,
            "BusyPercent": task.busy,
        },
        "alarms": {
            "DatabaseCpuLimit": limits.database_cpu,
            "ReplicaLagLimit": limits.replica_lag_seconds,
            "EventAgeLimit": limits.event_age_seconds,
            "LatencyLimit": limits.latency_ms / 1000,
            "ErrorLimit": limits.errors,
            "SessionLatencyLimit": limits.session_latency_ms,
        },
    }


def _owned(platform: Payments) -> Values:
    """Of the table of sessions, which the first region owns: strong ones are made with every region at once."""
    told = {"Consistency": platform.sessions}
    if platform.sessions == "eventual":
        return {"sessions": told}
    further = dict(zip(("SecondRegion", "ThirdRegion"), (each.region for each in platform.others), strict=False))
    return {"sessions": {**told, **further, **({"WitnessRegion": platform.witness} if platform.witness else {})}}


def _copied(platform: Payments, here: RegionSpec) -> Mapping[str, str]:
    """Uploads go out of the first region, to the first of the others."""
    return {"PeerRegion": platform.others[0].region} if here == platform.first and platform.others else {}
