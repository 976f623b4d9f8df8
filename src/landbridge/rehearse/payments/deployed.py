"""A load balancer as it is deployed: what its listeners do, how it looks at its targets, and the firewall before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import BadInput
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.payments.firewall import Firewall


@dataclass(frozen=True, slots=True)
class Listener:
    """A port, and where it sends clients on to; empty = to a target."""

    port: int
    protocol: str
    redirect: str = ""
    status: int = 301


@dataclass(frozen=True, slots=True)
class Look:
    """How a target is looked at, and how many looks alike make it well or not."""

    path: str
    codes: frozenset[int]
    interval: float
    timeout: float
    well: int
    unwell: int


@dataclass(frozen=True, slots=True)
class Front:
    """All of it."""

    listeners: tuple[Listener, ...]
    look: Look
    firewall: Firewall


async def front(clients: Clients, region: Region, name: str) -> Front:
    """What stands in the region under this name."""
    found = await ask(clients, "elbv2", region, "describe_load_balancers", Names=[name])
    arn = found["LoadBalancers"][0]["LoadBalancerArn"]
    listeners = (await ask(clients, "elbv2", region, "describe_listeners", LoadBalancerArn=arn))["Listeners"]
    groups = (await ask(clients, "elbv2", region, "describe_target_groups", LoadBalancerArn=arn))["TargetGroups"]
    acl = (await ask(clients, "wafv2", region, "get_web_acl_for_resource", ResourceArn=arn)).get("WebACL", {})
    if len(groups) != 1:
        raise BadInput(name, f"has {len(groups)} groups of targets", "the rehearsal knows load balancers with one")
    told = tuple(sorted((listener(each) for each in listeners), key=lambda each: each.port))
    return Front(told, look(groups[0]), Firewall.of(acl.get("Rules", ())))


def listener(told: Mapping[str, Any]) -> Listener:
    """One listener, as ELB tells it or a template has it."""
    (action,) = told["DefaultActions"]
    port, protocol = int(told["Port"]), str(told["Protocol"])
    match action:
        case {"Type": "forward"}:
            return Listener(port, protocol)
        case {"Type": "redirect", "RedirectConfig": to}:
            return Listener(port, protocol, f"{to['Protocol'].lower()}:{to['Port']}", int(to["StatusCode"].rpartition("_")[2]))
    raise BadInput(f"listener {port}", f"does {action['Type']}", "the rehearsal knows forward and redirect")


def look(told: Mapping[str, Any]) -> Look:
    """How a group of targets is looked at, as ELB tells it or a template has it."""
    return Look(
        str(told["HealthCheckPath"]),
        frozenset(int(code) for code in str(told["Matcher"]["HttpCode"]).split(",")),
        float(told["HealthCheckIntervalSeconds"]),
        float(told["HealthCheckTimeoutSeconds"]),
        int(told["HealthyThresholdCount"]),
        int(told["UnhealthyThresholdCount"]),
    )
