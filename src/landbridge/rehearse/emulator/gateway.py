"""Tells requests to a deployed API from calls to AWS, and addresses them as the emulator wants them.

The emulator knows `/restapis/{id}/{stage}/_user_request_/...`; everybody else may also use the host AWS gives an API.
"""

import re
from dataclasses import dataclass

from landbridge.model.region import REGION_PATTERN, Region

HOST = re.compile(rf"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>{REGION_PATTERN})\.amazonaws\.com(?::[0-9]+)?")
PATH = re.compile(r"/restapis/(?P<api>[^/?]+)/(?P<stage>[^/?]+)/_user_request_(?P<rest>(?:[/?].*)?)")
STAGED = re.compile(r"/(?P<stage>[^/?]+)(?P<rest>(?:[/?].*)?)")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request for a deployed API: `rest` is the path and query behind the stage, as sent."""

    api: str
    stage: str
    rest: str

    @property
    def path(self) -> str:
        """Where the emulator answers it."""
        return f"/restapis/{self.api}/{self.stage}/_user_request_{self.rest}"


def api_request(host: str, raw_path: str) -> ApiRequest | None:
    """The API request in this host and path, or None for a call to AWS itself."""
    by_path = PATH.fullmatch(raw_path)
    if by_path is not None:
        return ApiRequest(by_path["api"], by_path["stage"], by_path["rest"])
    by_host, staged = HOST.fullmatch(host.lower()), STAGED.fullmatch(raw_path)
    if by_host is None or staged is None:
        return None
    return ApiRequest(by_host["api"], staged["stage"], staged["rest"])


def api_region(host: str) -> Region | None:
    """The region whose API has this host, or None for any other name."""
    found = HOST.fullmatch(host.lower().rstrip("."))
    return Region(found["region"]) if found else None
