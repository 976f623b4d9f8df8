"""The hand that starts the signals' application in each region as soon as it stands: neither CloudFormation nor the plan does.

It runs in both regions. Who may put signals is the pen's to say, and the other side's windows are kept warm by its mirror.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask

SERVICE = "kinesisanalyticsv2"
LOOK_SECONDS = 2.0


async def start_signals(clients: Clients, regions: Iterable[Region], name: str, until: asyncio.Event) -> None:
    """A region that does not answer, or has no application yet, is asked again; one that was taken away and came back too."""
    while not until.is_set():
        for region in regions:
            with suppress(Unreachable, Refused):
                found = await ask(clients, SERVICE, region, "describe_application", ApplicationName=name)
                if found["ApplicationDetail"]["ApplicationStatus"] == "READY":
                    await ask(clients, SERVICE, region, "start_application", ApplicationName=name)
        await asyncio.sleep(LOOK_SECONDS)
