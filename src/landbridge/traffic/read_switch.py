"""The emergency switch for reads: turns a region off for readers without a call to anything that runs in it.

What says so lies in the region that stays, and Route 53's checkers read it there. No pen moves: writes go to their holder.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import BadInput
from landbridge.model.region import Pair, Region

OBJECT, OFF = "peer", "off"
LOOK_SECONDS = 3.0


@dataclass(frozen=True)
class ReadSwitch:
    """Each region keeps one object that says whether the other may serve; no object means that it may."""

    clients: Clients
    regions: Pair[Region]
    bucket: Callable[[Region], str]  # of the region that stays
    told_by: Callable[[Region], str]  # the address at which a region's checkers ask whether it may serve; empty = nowhere

    def turn_off(self, region: Region, who: str, why: str) -> str:
        """Readers leave it within one check and one lifetime of a DNS answer; refused where the other one is off already."""
        stays = self._other(region)
        if self._is_off(stays):
            raise BadInput(str(region), f"can't be turned off: {stays} is off, and one must serve", f"turn {stays} on first")
        bucket = self.bucket(stays)
        with speaking(stays, f"writing {OBJECT}"):
            kept = {"who": who, "why": why.encode("ascii", "replace").decode()}
            self._s3(stays).put_object(Bucket=bucket, Key=OBJECT, Body=OFF.encode(), ContentType="text/plain", Metadata=kept)
        return f"s3://{bucket}/{OBJECT} says '{OFF}'"

    def turn_on(self, region: Region) -> str:
        """It may serve again; its other checks decide as ever."""
        stays = self._other(region)
        bucket = self.bucket(stays)
        with speaking(stays, f"deleting {OBJECT}"):
            self._s3(stays).delete_object(Bucket=bucket, Key=OBJECT)
        return f"s3://{bucket}/{OBJECT} is gone"

    def _s3(self, region: Region) -> Any:
        return self.clients.client("s3", region)

    def _other(self, region: Region) -> Region:
        if region not in self.regions:
            raise BadInput(str(region), "is no region of this platform", f"name {' or '.join(self.regions)}")
        return self.regions.target if region == self.regions.source else self.regions.source

    def _is_off(self, region: Region) -> bool:
        """Whether a region is turned off, as its checkers hear it; who does not answer has not said so."""
        asked = self.told_by(region)
        if not asked:
            return False
        try:
            with urllib.request.urlopen(asked, timeout=LOOK_SECONDS) as answer:  # noqa: S310 - our own address
                return OFF.encode() in answer.read()
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError):
            return False
