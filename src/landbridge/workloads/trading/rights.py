"""Whom a caller may name as the user of a path: themselves, operators anybody; with no authorizer everybody anybody.

API Gateway says in the request's context who was let in; no caller can write there. A request the other region forwarded
is its caller's still: with a token it carries that token, and with a signature the other region's function names its
caller. That name is believed of this platform's own roles alone, which nobody but its functions can take.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.model.region import REGION_PATTERN
from landbridge.model.routes import ROUTES
from landbridge.model.wire import ANYBODY, BY_IAM, BY_TOKEN, CALLER_HEADER, NOBODY, SESSION
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.request import Event, header

NOBODYS = tuple(route.path for route in ROUTES if "{user}" not in route.path)
SAID = "user: is not the one you signed in as; name yourself in the path"
ROLE = re.compile(r"arn:aws[a-z-]*:sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/(?P<session>[^/]+)")
OURS = r"trading-analytics-(read|write)-{suffix}-{region}"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a region's settings say: the group whose members are operators, and which role's callers are which users."""

    authorizer: str
    suffix: str = ""
    operators: str = ""
    users_of_roles: Mapping[str, str] | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Rights":
        """As the function was deployed."""
        operators, roles = environment.get("OPERATORS_GROUP", ""), users_of(environment.get("ROLE_USERS", ""))
        return cls(environment.get("AUTHORIZER", NOBODY), environment["SUFFIX"], operators, roles)

    def allow(self, event: Event) -> bool:
        """Whether this request's caller may name the user of its path; what belongs to no user is everybody's."""
        if self.authorizer == NOBODY or event.get("resource") in NOBODYS:
            return True
        user = _within(event, "pathParameters").get("user")
        if not isinstance(user, str):
            return False
        return self._by_token(event, user) if self.authorizer == BY_TOKEN else self._by_role(event, user)

    def _by_token(self, event: Event, user: str) -> bool:
        claims = _within(event, "requestContext", "authorizer", "claims")
        return claims.get("sub") == user or bool(self.operators and self.operators in _groups(claims))

    def _by_role(self, event: Event, user: str) -> bool:
        account = _within(event, "requestContext").get("accountId")
        found = ROLE.fullmatch(signer(event))
        if found and found["account"] == account and self._is_ours(found["role"]):
            found = ROLE.fullmatch(header(event, CALLER_HEADER) or "")
        if self.authorizer != BY_IAM or not found or found["account"] != account:
            return False
        named = (self.users_of_roles or {}).get(found["role"])
        return named == ANYBODY or user == (found["session"] if named == SESSION else named)

    def _is_ours(self, role: str) -> bool:
        return bool(re.fullmatch(OURS.format(suffix=re.escape(self.suffix), region=REGION_PATTERN), role))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A function of the API that does nothing for a caller without the right to it."""

    rights: Rights
    handle: Callable[[Event], Answer]

    def __call__(self, event: Event) -> Answer:
        """Its answer, or 403."""
        return self.handle(event) if self.rights.allow(event) else Answer(403, {"error": SAID}, why="not theirs")


def signer(event: Event) -> str:
    """The ARN of whoever signed the request; empty where nobody did."""
    told = _within(event, "requestContext", "identity").get("userArn")
    return told if isinstance(told, str) else ""


def users_of(text: str) -> dict[str, str]:
    """From `Role=user,...`; what is not of that shape gives nobody a right."""
    pairs = (each.partition("=") for each in text.split(","))
    return {role: user for role, _, user in pairs if role and user}


def _groups(claims: Mapping[str, Any]) -> list[str]:
    """API Gateway makes one text of them, with commas."""
    told = claims.get("cognito:groups")
    return [each.strip() for each in told.split(",")] if isinstance(told, str) else []


def _within(event: object, *names: str) -> Mapping[str, Any]:
    """What lies that deep; nothing where any of it is not there."""
    found: object = event
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}
