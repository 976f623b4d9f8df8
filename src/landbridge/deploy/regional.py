"""What the configuration says to stacks of one region: the same parameters as on the other side, with other values."""

from landbridge.config.spec import Trading
from landbridge.model.region import Region

MARKET = ("transform", "replicator")  # the stacks a market that moves is moved with


def also_rehearsed(config: Trading) -> tuple[str, ...]:
    """The stacks that a rehearsal deploys besides, by what its platform moves."""
    return MARKET if config.market.feeds else ()


def settings(config: Trading, region: Region) -> dict[str, str]:
    """The parameters that differ between the regions, and those of what serves both; none for a region of no side."""
    platform, network, edge = config.platform, config.network, config.edge
    shared = {
        "HostedZoneId": edge.hosted_zone,
        "NatGateways": network.nat,
        "ShardCount": str(config.market.shards),
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
