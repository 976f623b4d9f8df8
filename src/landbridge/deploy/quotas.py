"""Before a deploy: whether each region allows as many Kinesis shards as the streams want; the regions' quotas differ widely.

A stream that exceeds its region's quota fails when half of the platform stands, and a raise takes AWS days.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Refused
from landbridge.model.region import Region

Template = Mapping[str, Any]
STREAM = "AWS::Kinesis::Stream"


def refuse_beyond_quota(clients: Clients, wanted: Iterable[tuple[Region, Template]], suffix: str, shards: int) -> None:
    """Refused with the first region that allows fewer shards than the streams of a template to be deployed there want."""
    for region, template in wanted:
        if names := list(_streams(template, suffix)):
            _refuse(clients, region, names, shards)


def _streams(template: Template, suffix: str) -> Iterator[str]:
    for resource in template["Resources"].values():
        if resource["Type"] == STREAM:
            yield resource["Properties"]["Name"]["Fn::Sub"].replace("${EnvironmentSuffix}", suffix)


def _refuse(clients: Clients, region: Region, names: list[str], shards: int) -> None:
    with speaking(region, "DescribeLimits"):
        limits = clients.client("kinesis", region).describe_limits()
    others = limits["OpenShardCount"] - sum(_open(clients, region, name) for name in names)
    wanted, allowed = len(names) * shards, limits["ShardLimit"]
    if others + wanted > allowed:
        what = f"{' and '.join(names)} want {wanted} shards beside the {others} of others, and the account may have {allowed}"
        fix = f"ask Service Quotas for {others + wanted} Kinesis shards in {region}, or lower [market] records_per_second"
        raise Refused(region, "deploying its streams", f"{what}: {fix}")


def _open(clients: Clients, region: Region, name: str) -> int:
    """The shards a stream has already; none where there is no stream."""
    with speaking(region, f"DescribeStreamSummary {name}"):
        try:
            found = clients.client("kinesis", region).describe_stream_summary(StreamName=name)
        except ClientError as error:
            if said(error) == "ResourceNotFoundException":
                return 0
            raise
    return int(found["StreamDescriptionSummary"]["OpenShardCount"])
