"""What the pollers need of a region. Every method may raise Unreachable (ask again) or Refused (the region said no)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from landbridge.rehearse.fabric.event_source.outcome import Outcome
from landbridge.rehearse.fabric.event_source.record import Place, Record
from landbridge.rehearse.fabric.event_source.settings import Settings


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard of a stream: one with a parent came of resharding, a closed one is about to."""

    name: str
    parent: str = ""
    closed: bool = False


class Streams(Protocol):
    """Kinesis."""

    async def shards(self, stream: str) -> Sequence[Shard]:
        """All shards of the stream, by its ARN."""

    async def iterator(self, stream: str, shard: str, place: Place) -> str:
        """A way to read on from the place."""

    async def page(self, iterator: str) -> tuple[Sequence[Record], str]:
        """The next records in their order, none at the end, and the way to read on."""


class Mappings(Protocol):
    """Lambda's mappings, as the region tells them and as it is told of them. `running` and `said` never raise."""

    async def until_changed(self, seconds: float | None) -> None:
        """Returns when a mapping was made, changed or deleted, and after so many seconds at the latest; None = no sooner."""

    async def deployed(self) -> Sequence[Settings]:
        """The mappings on Kinesis streams, in any state."""

    def running(self, uuid: str, *, now: bool) -> None:
        """Records are, or are no longer, given to its function."""

    def said(self, uuid: str, result: str) -> None:
        """What came of its last batch, in AWS's words."""


class Functions(Protocol):
    """Lambda's functions. Never raises: what can't be reached is an outcome."""

    async def invoke(self, function: str, event: dict[str, Any]) -> Outcome:
        """Runs the function and waits for its answer, however long its own timeout lets it take."""


class Destinations(Protocol):
    """Where records are set aside."""

    async def put(self, destination: str, key: str, body: str) -> None:
        """To a queue the body; to a bucket an object of that key."""


@dataclass(frozen=True, slots=True)
class Ports:
    """A region, as far as the pollers see it."""

    streams: Streams
    mappings: Mappings
    functions: Functions
    destinations: Destinations
