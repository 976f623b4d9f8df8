"""How a forwarded request passes the other region's authorizer: as it is, signed by this function, or by its caller's token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from landbridge.model.wire import BY_IAM, BY_TOKEN, CALLER_HEADER
from landbridge.workloads.trading.peer import Entitle, HttpPeer
from landbridge.workloads.trading.request import Event, header
from landbridge.workloads.trading.rights import signer

Peers = Callable[[Event], HttpPeer]
TOKEN = "authorization"  # noqa: S105 - a header's name


def peers(authorizer: str, peer: HttpPeer) -> Peers:
    """The other region as each request may ask it, where both regions have this authorizer."""
    if authorizer == BY_IAM:
        credentials = boto3.session.Session().get_credentials()
        return lambda event: replace(peer, entitle=Signed(credentials, signer(event)))
    if authorizer == BY_TOKEN:
        return lambda event: replace(peer, entitle=_shown(header(event, TOKEN)))
    return lambda _event: peer


@dataclass(frozen=True)
class Signed:
    """Signs for the region the address names: `{api}.execute-api.{region}.amazonaws.com`; who asked here is signed too."""

    credentials: Any
    caller: str = ""

    def __call__(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        """The headers of the signature; an address that names no region can't be signed for, and gets none."""
        labels = (urlsplit(url).hostname or "").split(".")
        if labels[1:2] != ["execute-api"] or len(labels) < 4:
            return {}
        asked = AWSRequest(method, url, data=body, headers={CALLER_HEADER: self.caller})
        SigV4Auth(self.credentials, "execute-api", labels[2]).add_auth(asked)
        return dict(asked.headers.items())


def _shown(token: str | None) -> Entitle:
    return lambda _method, _url, _body: {TOKEN: token} if token else {}
