"""The transform's event source mappings on AWS: made, begun anew, stopped and taken away by whoever moves the market.

CloudFormation can make one, and can't begin it anew from a moment (decision 0062). A mapping is found by what it joins, and
keeps the turn it was made under as a tag; what AWS says of it is the truth, so each act may be repeated until it is so.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model import reading
from landbridge.model.market import Stream
from landbridge.model.region import Region

TURN = "landbridge:turn"
GONE = "ResourceNotFoundException"
BUSY = {"ResourceConflictException", "ResourceInUseException"}  # somebody changes it: the next look tells what became of it


@dataclass(frozen=True)
class LiveMappings:
    """Of one function's name in both regions; `stream` and `aside` tell ARNs, `tags` what else a mapping carries."""

    clients: Clients
    function: str
    stream: Callable[[Stream, Region], str]
    aside: Callable[[Region], str]
    tags: Callable[[Region], Mapping[str, str]]

    @property
    def takes_at_most(self) -> float:
        """A call is sent once and given up after its timeouts."""
        return self.clients.timeouts.once

    def made_under(self, region: Region, stream: Stream) -> int | None:
        """The tag of a mapping that reads or may read; 0 for one of a stranger."""
        found = self._find(region, stream)
        return None if found is None or found["State"] == "Disabled" else self._turn(region, found)

    def start(self, region: Region, stream: Stream, since: float, turn: int) -> None:
        """One act: makes it, enables it, or deletes one of an older turn, in whose place the next call makes another."""
        found = self._find(region, stream)
        acts = self.clients.client("lambda", region, retries=False)
        with self._acting(region, f"reading the {stream} stream"):
            if found is None:
                acts.create_event_source_mapping(**self._asked(region, stream, since, turn))
            elif self._turn(region, found) < turn:
                acts.delete_event_source_mapping(UUID=found["UUID"])
            elif found["State"] == "Disabled":
                acts.update_event_source_mapping(UUID=found["UUID"], Enabled=True)

    def stop(self, region: Region, stream: Stream) -> None:
        """Disables it; it keeps its place."""
        found = self._find(region, stream)
        if found is not None and found["State"] not in {"Disabled", "Disabling", "Deleting"}:
            with self._acting(region, f"reading the {stream} stream no more"):
                self.clients.client("lambda", region, retries=False).update_event_source_mapping(
                    UUID=found["UUID"], Enabled=False
                )

    def forget(self, region: Region) -> None:
        """Takes ours away, before the function goes: they are in no stack, so no stack takes them along."""
        for found in self._all(region):
            if found["State"] != "Deleting" and TURN in self._tags(region, found):
                with self._acting(region, "taking away mappings"):
                    self.clients.client("lambda", region).delete_event_source_mapping(UUID=found["UUID"])

    def _asked(self, region: Region, stream: Stream, since: float, turn: int) -> dict[str, Any]:
        begins: dict[str, Any] = {"StartingPosition": "TRIM_HORIZON"}
        if since > 0:
            begins = {"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": datetime.fromtimestamp(since, UTC)}
        return {
            "FunctionName": self.function,
            "EventSourceArn": self.stream(stream, region),
            **begins,
            **reading.settings(stream),
            "DestinationConfig": reading.on_failure(self.aside(region)),
            "Tags": {**self.tags(region), TURN: str(turn)},
        }

    def _find(self, region: Region, stream: Stream) -> dict[str, Any] | None:
        arn = self.stream(stream, region)
        return next((each for each in self._all(region) if each["EventSourceArn"] == arn), None)

    def _all(self, region: Region) -> list[dict[str, Any]]:
        """Everything the function reads; nothing where there is no such function."""
        with speaking(region, f"ListEventSourceMappings {self.function}"):
            pages = self.clients.client("lambda", region).get_paginator("list_event_source_mappings")
            try:
                return [each for page in pages.paginate(FunctionName=self.function) for each in page["EventSourceMappings"]]
            except ClientError as error:
                if said(error) != GONE:
                    raise
                return []

    def _turn(self, region: Region, found: Mapping[str, Any]) -> int:
        return int(self._tags(region, found).get(TURN, 0))

    def _tags(self, region: Region, found: Mapping[str, Any]) -> Mapping[str, str]:
        with speaking(region, f"ListTags of a mapping of {self.function}"):
            try:
                tags: Mapping[str, str] = self.clients.client("lambda", region).list_tags(
                    Resource=found["EventSourceMappingArn"]
                )["Tags"]
            except ClientError as error:
                if said(error) != GONE:
                    raise
                return {}
        return tags

    @contextmanager
    def _acting(self, region: Region, what: str) -> Iterator[None]:
        with speaking(region, f"{what} by {self.function}"):
            try:
                yield
            except ClientError as error:
                if said(error) not in BUSY:
                    raise
