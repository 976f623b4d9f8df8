"""A request as the handlers see it: the route it asked for, its parts, headers and body."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from landbridge.model.errors import BadInput
from landbridge.workloads.payments.api.answer import TurnedAway
from landbridge.workloads.payments.api.routes import Route
from landbridge.workloads.payments.checking import Fields, fields, only, word
from landbridge.workloads.payments.payment import KEY

BEARER = "Bearer "
CHALLENGE = {"www-authenticate": "Bearer"}
NO_SESSION = "authorization: names no session; begin one with POST /session and send Bearer"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; headers are named in lower case."""

    route: Route
    parts: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def fields(self, *names: str) -> Fields:
        """The fields of the body, and of no others."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise TurnedAway(415, "content-type: is not application/json; send JSON and say so")
        return only(fields(self.body), names)

    def key(self) -> str:
        """The idempotency key it was sent under."""
        return word(self.headers, "idempotency-key", KEY, "send 1 to 64 printable ASCII characters without spaces")

    def bearer(self, why: str = NO_SESSION) -> str:
        """The session, or whatever else, it was sent with; why it is turned away without one."""
        told = self.headers.get("authorization", "")
        if not told.startswith(BEARER):
            raise TurnedAway(401, why, CHALLENGE)
        return told.removeprefix(BEARER)

    def part(self, name: str, pattern: str) -> str:
        """A part of the path; one that can be nothing's is as one that is not there."""
        try:
            return word(self.parts, name, pattern, "")
        except BadInput:
            raise missing(name) from None


def missing(what: str) -> TurnedAway:
    """Why there is nothing to tell of a payment or an upload."""
    return TurnedAway(404, f"{what}: there is none of this id for the customer of this session; ask for one that was made")
