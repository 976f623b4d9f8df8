"""At a region's front door: a Kinesis event source mapping is always disabled to the emulator, and as asked to its owner.

The emulator's own poller loses records silently, so the fabric's reads instead. What was asked for is kept here, with the
settings the emulator forgets; `State` says truly whether records still flow: Enabling and Disabling until they do or don't.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.rehearse.emulator.refusal import Refusal, lambda_invalid

MAPPINGS_PATH = "/2015-03-31/event-source-mappings/"
ONE_OR_ALL = re.compile(rf"{MAPPINGS_PATH.rstrip('/')}/?(?P<uuid>[^/?]*)(?:\?.*)?")
NOT_PLAYED = ("FilterCriteria", "TumblingWindowInSeconds", "SourceAccessConfigurations")
DESTINATIONS = (":sqs:", ":s3:")
NOT_SETTINGS = frozenset({"FunctionName", "Enabled", "Tags"})
DEFAULTS = {
    "BatchSize": 100,
    "ParallelizationFactor": 1,
    "BisectBatchOnFunctionError": False,
    "MaximumRetryAttempts": -1,
    "MaximumRecordAgeInSeconds": -1,
    "DestinationConfig": {"OnFailure": {}},
}
Json = dict[str, Any]


@dataclass
class _Deployed:
    """One mapping: what its owner asked for, and whether its function is given records."""

    settings: Json
    enabled: bool
    running: bool = False
    fresh: bool = True
    result: str = "No records processed"

    @property
    def state(self) -> str:
        """As GetEventSourceMapping says it."""
        if self.enabled == self.running:
            return "Enabled" if self.enabled else "Disabled"
        if self.enabled:
            return "Creating" if self.fresh else "Enabling"
        return "Disabling"

    def told(self, mapping: Json) -> Json:
        """The emulator's words about it, corrected."""
        return {**DEFAULTS, **mapping, **self.settings, "State": self.state, "LastProcessingResult": self.result}


@dataclass
class DeployedMappings:
    """Those of one region that read Kinesis; those on queues are the emulator's own business."""

    _deployed: dict[str, _Deployed] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def knows(self, uuid: str) -> bool:
        """Whether it is a mapping on a Kinesis stream."""
        return uuid in self._deployed

    def running(self, uuid: str, *, now: bool) -> None:
        """Records are, or are no longer, given to its function."""
        if uuid in self._deployed:
            self._deployed[uuid].running = now
            self._deployed[uuid].fresh = False

    def said(self, uuid: str, result: str) -> None:
        """What came of its last batch."""
        if uuid in self._deployed:
            self._deployed[uuid].result = result

    async def until_changed(self, seconds: float | None) -> None:
        """Returns when a mapping was made, changed or deleted, and after so many seconds at the latest; None = no sooner."""
        with contextlib.suppress(TimeoutError):  # nothing changed: look all the same
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        self._changed.clear()

    def refused(self, method: str, path: str, body: bytes) -> Refusal | None:
        """A no to what the rehearsal does not play: better at the deploy than silently ignored."""
        asked = json.loads(body or b"{}") if method in {"POST", "PUT"} else {}
        if not self._is_kinesis(asked.get("EventSourceArn", ""), _uuid(path)):
            return None
        unknown = [name for name in NOT_PLAYED if asked.get(name)]
        to = ((asked.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination") or DESTINATIONS[0]
        if not any(service in to for service in DESTINATIONS):
            unknown.append("an on-failure destination that is neither a queue nor a bucket")
        if "/consumer/" in asked.get("EventSourceArn", ""):
            unknown.append("enhanced fan-out")
        return lambda_invalid(f"the rehearsal does not play {' and '.join(unknown)}; leave it out") if unknown else None

    def asked(self, method: str, path: str, body: bytes) -> bytes:
        """The request as the emulator takes it."""
        if method not in {"POST", "PUT"}:
            return body
        asked = json.loads(body)
        if not self._is_kinesis(asked.get("EventSourceArn", ""), _uuid(path)):
            return body
        return json.dumps({**asked, "Enabled": False}).encode()

    def answered(self, method: str, asked: bytes, answer: bytes) -> bytes:
        """The answer to a request that was granted, and what it changes kept; `asked` is the request as it was sent to us."""
        told = json.loads(answer)
        if method == "GET":
            return json.dumps(self._listed(told) if "EventSourceMappings" in told else self._told(told)).encode()
        wanted = json.loads(asked or b"{}")
        if method == "POST" and self._is_kinesis(wanted["EventSourceArn"], ""):
            self._deployed[told["UUID"]] = _Deployed(_settings(wanted), wanted.get("Enabled", True))
            told = {**self._told(told), "State": "Creating"}
        elif method == "PUT" and told["UUID"] in self._deployed:
            told = self._updated(self._deployed[told["UUID"]], wanted, told)
        elif method == "DELETE" and told["UUID"] in self._deployed:
            del self._deployed[told["UUID"]]
            told["State"] = "Deleting"
        self._changed.set()
        return json.dumps(told).encode()

    def _updated(self, mapping: _Deployed, wanted: Json, told: Json) -> Json:
        mapping.settings |= _settings(wanted)
        mapping.enabled = wanted.get("Enabled", mapping.enabled)
        settled = mapping.enabled == mapping.running
        return {**mapping.told(told), **({"State": "Updating"} if settled else {})}

    def _listed(self, told: Json) -> Json:
        return {**told, "EventSourceMappings": [self._told(mapping) for mapping in told["EventSourceMappings"]]}

    def _told(self, mapping: Json) -> Json:
        known = self._deployed.get(mapping["UUID"])
        return mapping if known is None else known.told(mapping)

    def _is_kinesis(self, source: str, uuid: str) -> bool:
        return ":kinesis:" in source or uuid in self._deployed


def about_mappings(raw_path: str) -> bool:
    """Whether a request is about event source mappings."""
    return ONE_OR_ALL.fullmatch(raw_path) is not None


def _uuid(path: str) -> str:
    found = ONE_OR_ALL.fullmatch(path)
    return found["uuid"] if found else ""


def _settings(asked: Mapping[str, Any]) -> Json:
    """The settings of a request, as an answer spells them; what can't be changed is not in a later one."""
    return {name: value for name, value in asked.items() if name not in NOT_SETTINGS}
