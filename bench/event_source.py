"""What does a record cost between the stream and the function? Limit: 5 % of a core at 500 records/s, so 100 us a record.

The pollers run whole, on ports that do nothing: pages of ready records, a function that says yes, and what real ports do
besides is counted apart (the JSON of a page in, of an event out). Time passes at once, so what is measured is processor
time. There is no peer: the emulator's own poller loses records.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from tests.contract.event_source.virtual import VirtualLoop

from landbridge.rehearse.fabric.event_source.driver import EventSources
from landbridge.rehearse.fabric.event_source.outcome import Outcome
from landbridge.rehearse.fabric.event_source.ports import Ports, Shard
from landbridge.rehearse.fabric.event_source.record import Place, Record
from landbridge.rehearse.fabric.event_source.region import PAGE, record_of
from landbridge.rehearse.fabric.event_source.settings import Settings

STREAM = "arn:aws:kinesis:eu-central-1:000000000000:stream/live"
LIMIT = 100.0  # microseconds
DATA = "eyJmZWVkIjoiYSIsInN5bWJvbCI6IkFDTUUiLCJzZXF1ZW5jZSI6MTIzNDU2LCJ2YWx1ZSI6IjEyMy40NSJ9"


class Nothing:
    """A region whose stream holds `count` records, and whose function accepts them; `as_json` pays for the wire too."""

    def __init__(self, count: int, settings: Settings, *, as_json: bool) -> None:
        self.left = count
        self.done = asyncio.Event()
        self._settings = settings
        self._as_json = as_json
        told = [
            {"SequenceNumber": f"{n:030d}", "PartitionKey": f"s{n % 97}", "Data": DATA, "ApproximateArrivalTimestamp": n / 500}
            for n in range(1, count + 1)
        ]
        self._pages = [told[start : start + PAGE] for start in range(0, count, PAGE)]
        self._ready = [[record_of(one) for one in page] for page in self._pages]
        self._bodies = [json.dumps({"Records": page}) for page in self._pages]

    async def shards(self, _stream: str) -> Sequence[Shard]:
        """One."""
        return [Shard("shardId-000000000000")]

    async def iterator(self, _stream: str, _shard: str, place: Place) -> str:
        """The number of the page."""
        return str(int(place.after or 0) // PAGE)

    async def page(self, iterator: str) -> tuple[Sequence[Record], str]:
        """A page of ready records, parsed anew where the wire counts."""
        number = int(iterator)
        if number >= len(self._pages):
            return [], iterator
        if self._as_json:
            return [record_of(one) for one in json.loads(self._bodies[number])["Records"]], str(number + 1)
        return self._ready[number], str(number + 1)

    async def until_changed(self, seconds: float | None) -> None:
        """Now and then."""
        await asyncio.sleep(seconds or 0)

    async def deployed(self) -> Sequence[Settings]:
        """The one mapping."""
        return [self._settings]

    def running(self, uuid: str, *, now: bool) -> None:
        """Nobody asks."""

    def said(self, uuid: str, result: str) -> None:
        """Nobody listens."""

    async def invoke(self, _function: str, event: dict[str, Any]) -> Outcome:
        """Yes."""
        if self._as_json:
            json.dumps(event, separators=(",", ":")).encode()
        self.left -= len(event["Records"])
        if not self.left:
            self.done.set()
        return Outcome()

    async def put(self, destination: str, key: str, body: str) -> None:
        """Nothing is set aside."""


async def drained(count: int, settings: Settings, *, as_json: bool) -> float:
    """Processor seconds from the first look to the last record."""
    region = Nothing(count, settings, as_json=as_json)
    began = time.process_time()
    driver = asyncio.create_task(EventSources(Ports(region, region, region, region), lambda: 0.0, "bench").run())
    await region.done.wait()
    seconds = time.process_time() - began
    driver.cancel()
    await asyncio.gather(driver, return_exceptions=True)
    return seconds


def measured(count: int, lanes: int, batch_size: int, *, as_json: bool) -> float:
    """Microseconds of processor a record."""
    settings = Settings("m", "f", STREAM, wanted=True, start="TRIM_HORIZON", batch_size=batch_size, lanes=lanes)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(drained(count, settings, as_json=as_json)) / count * 1e6


def main() -> None:
    """A row for each way of reading, and a failure where the worst is over the limit."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{'lanes':>6}{'batch':>7}{'wire':>6}{'us/record':>11}{'records/s a core':>18}")
    worst = 0.0
    for lanes, batch_size, as_json in ((1, 100, False), (5, 100, False), (5, 100, True), (5, 10, True)):
        cost = measured(count, lanes, batch_size, as_json=as_json)
        worst = max(worst, cost)
        print(f"{lanes:6}{batch_size:7}{'yes' if as_json else 'no':>6}{cost:11.1f}{1e6 / cost:18,.0f}")
    print(f"worst {worst:.1f} us a record, limit {LIMIT:.0f} us")
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main()
