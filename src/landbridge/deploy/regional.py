"""What the configuration says to stacks of one region: the same parameters as on the other side, with other values."""

import json
from pathlib import Path

from landbridge.config.expansion import Expansion
from landbridge.config.spec import Trading
from landbridge.deploy.manifest import SYNTH
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

MARKET = ("transform", "replicator")  # the stacks a market that moves is moved with
DATABASE = ("rotation", "database", "global-database", "effects")  # and a database that does
LEADING = ("journal-keys", "foothold", "engine-policies", "orchestrator")  # those an engine in AWS runs by


def also_rehearsed(config: Trading) -> tuple[str, ...]:
    """The stacks that a rehearsal deploys besides, by what its platform moves and who leads it."""
    moves = (*(MARKET if config.market.feeds else ()), *(DATABASE if config.database.moves else ()))
    return (*moves, *(LEADING if config.engine.archive else ()))


def settings(config: Trading, region: Region) -> dict[str, str]:
    """The parameters that differ between the regions, and those of what serves both; none for a region of no side."""
    platform, network, edge = config.platform, config.network, config.edge
    shared = {
        **config.api.parameters(),
        "EngineKey": config.engine.archive,
        "HostedZoneId": edge.hosted_zone,
        "NatGateways": network.nat,
        "ShardCount": str(config.market.shards),
        "SignalsKey": config.market.signals,
        "SourceRegion": platform.source,
        "TargetRegion": platform.target,
        "OriginName": platform.domain if edge.hosted_zone else "",
        "ViewerCertificateArn": edge.viewer_certificate,
        "ViewerName": edge.viewer_name,
    }
    if region == platform.source:
        own = {
            "ApiCertificateArn": edge.source_certificate,
            "PeerRegion": platform.target,
            "VpcCidr": network.source_cidr,
        }
        return {**shared, **own}
    if region == platform.target:
        own = {
            "ApiCertificateArn": edge.target_certificate,
            "PeerRegion": platform.source,
            "VpcCidr": network.target_cidr,
        }
        return {**shared, **own}
    return shared


def answers(config: Expansion, folder: Path, region: Region) -> dict[str, str]:
    """What a region of the payments platform is told, by stack: its committed answers, and what only the operator knows."""
    platform = config.platform
    if region not in (platform.source, platform.target):
        return {"WitnessRegion": platform.source}  # of the journal, which must be whole when either of the two is out
    path = folder / f"{region}.parameters.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(str(path), "there is no such file", f"name the region in cdk.json, then {SYNTH}") from None
    given = {f"{stack}.{name}": str(value) for stack, values in told.items() for name, value in values.items()}
    return {**given, **config.serving.told(source=region == platform.source)}
