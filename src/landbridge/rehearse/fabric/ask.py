"""Calls to AWS from the world's own loop, with errors in our words: by any client in a thread, or by bare calls."""

import asyncio
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.aws.clients import Clients, translated
from landbridge.model.region import Region


class Asks(Protocol):
    """The JSON calls of one region."""

    async def ask(self, service: str, target: str, **asked: Any) -> dict[str, Any]:
        """What an action answered, or Unreachable or Refused."""


async def ask(clients: Clients, service: str, region: Region, operation: str, **arguments: Any) -> dict[str, Any]:
    """The answer of one AWS call, or Unreachable or Refused; a cancelled caller leaves the call to its own timeout."""
    try:
        return await asyncio.to_thread(_call, clients, service, region, operation, arguments)
    except (BotoCoreError, ClientError) as error:
        raise translated(error, region, operation) from error


def _call(clients: Clients, service: str, region: Region, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(clients.client(service, region), operation)(**arguments)
    return answer
