"""CloudWatch's subscriptions and Firehose, in the regions of one world: lines of subscribed groups go into a bucket.

Everything goes through the regions' front doors, so an outage reaches it too. What is subscribed, and where it goes, is read
from the regions. Nothing is kept on disk: begun anew, it sends every line since the filter was made once more.
"""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import Asks
from landbridge.rehearse.fabric.logs.bucket import Buckets
from landbridge.rehearse.fabric.logs.deployed import LOGS, Subscription, streams, subscriptions
from landbridge.rehearse.fabric.logs.knobs import Knobs
from landbridge.rehearse.fabric.logs.lines import Followed, messages
from landbridge.rehearse.fabric.logs.outbox import Outbox

LOOK_SECONDS = 20.0  # how often filters are asked for: their lines are read from their creation on anyway
ROUND_SECONDS = 5.0


@dataclass
class _Side:
    """One region."""

    looked: float = float("-inf")
    outboxes: dict[str, Outbox] = field(default_factory=dict)  # by the delivery stream's ARN
    followed: dict[Subscription, Followed] = field(default_factory=dict)


class LogShipping:
    """Plays every region of `regions`; `knobs` may be set while it runs."""

    def __init__(
        self,
        regions: Mapping[Region, Asks],
        buckets: Buckets,
        clock: Callable[[], float],
        knobs: Knobs,
        chance: random.Random,
    ) -> None:
        self.knobs = knobs
        self._regions, self._buckets, self._clock, self._chance = regions, buckets, clock, chance
        self._sides = {region: _Side() for region in regions}

    def lag(self, region: Region) -> float | None:
        """How long ago the bucket last had every line, in seconds; None where nothing is subscribed."""
        return max((self._clock() - outbox.until for outbox in self._sides[region].outboxes.values()), default=None)

    def lost(self, region: Region) -> int:
        """How many records were given up."""
        return sum(outbox.lost for outbox in self._sides[region].outboxes.values())

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.gather(*map(self.turn, self._regions))
            await asyncio.sleep(ROUND_SECONDS)

    async def turn(self, region: Region) -> None:
        """Reads and sends what is due in a region; one that is out is asked again."""
        if self.knobs.stalled:
            return
        with suppress(Unreachable, Refused):
            await self._look(region)
            for outbox in self._sides[region].outboxes.values():
                await self._read(region, outbox)
                await self._tell(region, outbox, await outbox.deliver(self._clock()))

    async def _look(self, region: Region) -> None:
        """What is deployed. A delivery stream that is deleted takes along what it had not sent, as on AWS, and at once."""
        asks, side, now = self._regions[region], self._sides[region], self._clock()
        found = await streams(asks)
        side.outboxes = {arn: box for arn, box in side.outboxes.items() if arn in found}
        if not found or now - side.looked >= LOOK_SECONDS:
            wanted = [each for each in (await subscriptions(asks) if found else ()) if each.stream in found]
            side.followed = {each: side.followed.get(each) or Followed(each) for each in wanted}
            side.looked = now if found else float("-inf")
        for each in side.followed:
            if each.stream in found:
                stream = found[each.stream]
                new = Outbox(region, stream, self._buckets, self.knobs, self._chance, each.since / 1000)
                side.outboxes.setdefault(each.stream, new).stream = stream

    async def _read(self, region: Region, outbox: Outbox) -> None:
        """All of them or none: a group that can't be read now holds up the others of its delivery stream."""
        now = self._clock()
        mine = [each for each in self._sides[region].followed.values() if each.subscription.stream == outbox.stream.arn]
        read = [(each, await each.read(self._regions[region])) for each in mine]
        outbox.add([packed for each, events in read for packed in messages(each.subscription, each.new(events, now))], now)

    async def _tell(self, region: Region, outbox: Outbox, said: list[str]) -> None:
        """In the form that Firehose has for it, where the delivery stream says it wants them."""
        stream = outbox.stream
        if not said or stream.tells is None:
            return
        told = {"deliveryStreamARN": stream.arn, "destination": f"arn:aws:s3:::{stream.bucket}"}
        version = {"deliveryStreamVersionId": int(stream.version), "errorCode": "S3.DeliveryFailed"}
        at = int(self._clock() * 1000)
        events = [{"timestamp": at, "message": json.dumps({**told, **version, "message": each})} for each in said]
        where = {"logGroupName": stream.tells[0], "logStreamName": stream.tells[1]}
        with suppress(Unreachable, Refused):  # its log stream is gone, or out of reach: nobody else is to be told
            await self._regions[region].ask("logs", f"{LOGS}.PutLogEvents", **where, logEvents=events)
