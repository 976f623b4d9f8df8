"""WAF's part: rules as they are deployed, asked one after the other, of which the first that matches turns a request away.

The rate is exact and at once, where WAF takes half a minute to see it. AWS's own groups of rules can't be had; which of
them are deployed is told, and they turn nobody away here.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

SECONDS = 300  # WAF's window where a rule names none


@dataclass(frozen=True, slots=True)
class Came:
    """A request as the rules see it; WAF knows the country by the address, here it is told."""

    address: str
    country: str
    at: float


class Rule(Protocol):
    """One rule that blocks."""

    @property
    def name(self) -> str:
        """As it is deployed under."""

    def blocks(self, came: Came) -> bool:
        """Whether it turns this request away; it may remember that it came."""


@dataclass(frozen=True, slots=True)
class Countries:
    """Nobody from there."""

    name: str
    codes: frozenset[str]

    def blocks(self, came: Came) -> bool:
        """By the country alone."""
        return came.country in self.codes


@dataclass(frozen=True, slots=True)
class Rate:
    """No address more often than so."""

    name: str
    limit: int
    seconds: float
    _came: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def blocks(self, came: Came) -> bool:
        """Every request counts that gets as far as this rule, those it turns away too."""
        times = self._came[came.address]
        times.append(came.at)
        while times[0] <= came.at - self.seconds:
            times.popleft()
        return len(times) > self.limit


@dataclass(frozen=True, slots=True)
class Firewall:
    """The rules in their order, and those that are not acted on here."""

    rules: tuple[Rule, ...] = ()
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, rules: Sequence[Mapping[str, Any]]) -> "Firewall":
        """As WAF tells them, or a template that was filled in."""
        ordered = sorted(rules, key=lambda rule: int(rule["Priority"]))
        made = [(str(rule["Name"]), _rule(rule)) for rule in ordered]
        return cls(tuple(rule for _, rule in made if rule), tuple(name for name, rule in made if not rule))

    def stopped_by(self, came: Came) -> str | None:
        """The name of the rule that turns the request away; None = it may pass."""
        return next((rule.name for rule in self.rules if rule.blocks(came)), None)


def _rule(told: Mapping[str, Any]) -> Rule | None:
    if "Block" not in told.get("Action", {}):
        return None
    match told["Statement"]:
        case {"GeoMatchStatement": {"CountryCodes": codes}}:
            return Countries(told["Name"], frozenset(codes))
        case {"RateBasedStatement": {"AggregateKeyType": "IP", "Limit": limit} as rate}:
            return Rate(told["Name"], int(limit), float(rate.get("EvaluationWindowSec", SECONDS)))
    return None
