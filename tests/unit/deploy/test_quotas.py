"""A region whose quota the streams would exceed is told before anything is deployed, with what to ask for."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.builders import CONFIG
from tests.fakes import SOURCE, TARGET

from landbridge.aws.clients import Clients
from landbridge.deploy.quotas import refuse_beyond_quota
from landbridge.model.errors import Refused
from landbridge.model.region import Region

FOLDER = CONFIG.parent / "templates" / "trading"
STREAMS, PENS = (json.loads((FOLDER / f"{name}.template.json").read_text(encoding="utf-8")) for name in ("streams", "pens"))


class Kinesis:
    """A region's quota, and the streams it has."""

    def __init__(self, limit: int, **streams: int) -> None:
        self.limit, self.streams = limit, streams

    def describe_limits(self) -> Mapping[str, int]:
        """Of the whole account."""
        return {"ShardLimit": self.limit, "OpenShardCount": sum(self.streams.values())}

    def describe_stream_summary(self, *, StreamName: str) -> Mapping[str, Any]:  # noqa: N803 - AWS's words
        """One stream's, if there is one."""
        if StreamName not in self.streams:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeStreamSummary")
        return {"StreamDescriptionSummary": {"OpenShardCount": self.streams[StreamName]}}


def _clients(regions: Mapping[Region, Kinesis]) -> Clients:
    clients = Clients()
    for region, kinesis in regions.items():
        clients._made["kinesis", region, True] = kinesis
    return clients


def test_a_quota_that_is_too_small_is_told_with_the_region_the_lack_and_the_fix() -> None:
    """Two streams of 20 shards beside 170 of others want 210; the other region's larger quota does not help."""
    clients = _clients({SOURCE: Kinesis(20_000), TARGET: Kinesis(200, others=170)})
    with pytest.raises(Refused) as told:
        refuse_beyond_quota(clients, [(SOURCE, STREAMS), (TARGET, PENS), (TARGET, STREAMS)], "prod", 20)
    assert str(told.value) == (
        "deploying its streams was refused in eu-central-1: trading-analytics-live-prod and trading-analytics-mirror-prod want "
        "40 shards beside the 170 of others, and the account may have 200: "
        "ask Service Quotas for 210 Kinesis shards in eu-central-1, or lower [market] records_per_second"
    )


def test_shards_the_streams_have_already_are_not_counted_twice() -> None:
    """A second deploy of what stands asks for nothing more."""
    own = {f"trading-analytics-{name}-prod": 20 for name in ("live", "mirror")}
    clients = _clients({TARGET: Kinesis(200, others=160, **own)})
    refuse_beyond_quota(clients, [(TARGET, STREAMS)], "prod", 20)


def test_a_platform_without_streams_asks_no_quota() -> None:
    """No call is made: a region without Kinesis need not answer."""
    refuse_beyond_quota(Clients(), [(TARGET, PENS)], "prod", 20)
