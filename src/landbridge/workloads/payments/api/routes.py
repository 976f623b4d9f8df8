"""The routes of the payments service as data: requests are matched, answered and described by them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a path, with the status and the names of the schemas of what it tells and takes.

    `open` ones need no session, `signed` ones a token of who signs customers in instead, `keyed` ones a key, `database` ones
    ask it; `no` are statuses it can refuse with.
    """

    method: str
    path: str
    name: str
    says: str
    status: int
    tells: str = ""
    takes: str = ""
    open: bool = False
    signed: bool = False
    keyed: bool = False
    database: bool = False
    no: tuple[int, ...] = ()

    def parts(self, path: str) -> Mapping[str, str] | None:
        """What the path's parts are; None = it is another path."""
        found = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path), path)
        return found.groupdict() if found else None


ROUTES = (
    Route("GET", "/health", "Health", "Whether a task of this region answers", 200, "Health", open=True),
    Route("GET", "/openapi.json", "Described", "This document", 200, "Document", open=True),
    Route("POST", "/session", "Begin", "Begin a session of whom the token names", 201, "Session", signed=True, no=(401, 503)),
    Route("GET", "/session", "Seen", "The session this was asked in", 200, "SessionSeen", no=(401, 503)),
    Route("DELETE", "/session", "End", "End the session this was asked in", 204, no=(401, 503)),
    Route(
        "POST",
        "/payments",
        "Pay",
        "Have a payment made, once for each idempotency key",
        202,
        "PaymentAccepted",
        "PaymentAsked",
        keyed=True,
        no=(400, 401, 409, 413, 415, 503),
    ),
    Route("GET", "/payments/{payment}", "Payment", "A payment as it stands", 200, "Payment", database=True, no=(401, 404, 503)),
    Route(
        "POST",
        "/uploads",
        "Upload",
        "Ask for an address to send a file to",
        201,
        "UploadGranted",
        "UploadAsked",
        no=(400, 401, 413, 415, 503),
    ),
    Route("GET", "/uploads/{upload}", "Uploaded", "Ask for an address to fetch a file from", 200, "Upload", no=(401, 404, 503)),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a method and a path lead to: a route with its parts, or else the methods the path has."""

    route: Route | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ()


def find(method: str, path: str) -> Found:
    """The route that is asked for."""
    here = [(route, parts) for route in ROUTES if (parts := route.parts(path)) is not None]
    for route, parts in here:
        if route.method == method:
            return Found(route, parts)
    return Found(methods=tuple(sorted(route.method for route, _ in here)))
