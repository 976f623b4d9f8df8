"""The one place the customers' applications make AWS clients: short timeouts, and no retries of the client's own."""

from typing import Any

import boto3
from botocore.config import Config


def client(service: str, region: str, *, connect: float, read: float, **how: Any) -> Any:
    """A client that gives up within `connect` + `read` seconds; whoever calls it decides about a second try."""
    config = Config(
        region_name=region,
        connect_timeout=connect,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": 1},
        parameter_validation=False,
        **how,
    )
    return boto3.session.Session().client(service, config=config)
