"""How a region's transform reads its streams (SS-3): said once, for the template and for whoever moves the market."""

from collections.abc import Mapping
from typing import Any

from landbridge.model.market import Stream

WINDOW_SECONDS = 10  # how long a record may wait for others; so an end marker may, too
SETTINGS: Mapping[str, Any] = {
    "BatchSize": 100,
    "MaximumBatchingWindowInSeconds": WINDOW_SECONDS,
    "ParallelizationFactor": 5,
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": 3,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
}


def settings(stream: Stream) -> Mapping[str, Any]:
    """A mirror is read by one lane a shard: whoever finds a marker passed there knows that nothing before it is left."""
    return {**SETTINGS, "ParallelizationFactor": 1} if stream is Stream.MIRROR else SETTINGS


def on_failure(bucket_arn: Any) -> dict[str, Any]:
    """Where records go that failed too often."""
    return {"OnFailure": {"Destination": bucket_arn}}
