"""Whether a region is good enough to go on: pass, fail or inconclusive. What is missing or too little never passes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from landbridge.config.spec import Gate as Limits
from landbridge.traffic.port import Sample

FEW = 5  # errors that are no accident, even when not enough was seen to pass


class Verdict(StrEnum):
    """What a gate says."""

    PASS = "pass"  # noqa: S105 not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, why, and the figures it rests on."""

    verdict: Verdict
    why: str
    figures: Mapping[str, Any] = field(default_factory=dict)


class Gate(Protocol):
    """Judges the target as it is now."""

    def judge(self) -> Judgement:
        """Measures and judges; changes nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything one judgement rests on."""

    source: Sample
    target: Sample
    users: Sample | None
    lag: timedelta | None


def judge(limits: Limits, seen: Measured) -> Judgement:
    """Fails on what is surely bad, passes on what is surely good, and says inconclusive of the rest."""
    figures = _figures(seen)
    if bad := _errors(limits, seen) or _behind(limits, seen) or _slow(limits, seen):
        return Judgement(Verdict.FAIL, bad, figures)
    if doubt := _doubt(limits, seen):
        return Judgement(Verdict.INCONCLUSIVE, doubt, figures)
    slowest = round(1000 * (seen.target.p99 or 0))
    return Judgement(Verdict.PASS, f"{seen.target.total} probes, {seen.target.errors} failed, p99 {slowest} ms", figures)


def _doubt(limits: Limits, seen: Measured) -> str | None:
    if seen.target.total < limits.min_probes:
        return f"{seen.target.total} of {limits.min_probes} probes"
    if seen.lag is None:
        return "no heartbeat is readable at the target"
    if seen.target.p99 is None or seen.source.p99 is None:
        return "nothing to compare the target's speed by"
    if seen.target.error_rate > limits.max_error_rate:
        return f"{seen.target.errors} of {seen.target.total} probes failed"
    return None


def _behind(limits: Limits, seen: Measured) -> str | None:
    if seen.lag is None or seen.lag.total_seconds() <= limits.max_lag_seconds:
        return None
    return f"the copy is {seen.lag.total_seconds():.1f} s behind, limit {limits.max_lag_seconds:g} s"


def _errors(limits: Limits, seen: Measured) -> str | None:
    for who, sample in (("probes", seen.target), ("users' requests", seen.users or Sample(0, 0, None))):
        if sample.errors >= FEW and sample.error_rate > limits.max_error_rate:
            return f"{sample.errors} of {sample.total} {who} failed at the target, limit {limits.max_error_rate:.1%}"
    return None


def _slow(limits: Limits, seen: Measured) -> str | None:
    if seen.target.total < limits.min_probes or seen.target.p99 is None or seen.source.p99 is None:
        return None
    limit = max(limits.slow_floor_seconds, limits.max_slowdown * seen.source.p99)
    if seen.target.p99 <= limit:
        return None
    return f"the target's p99 is {seen.target.p99 * 1000:.0f} ms, limit {limit * 1000:.0f} ms"


def _figures(seen: Measured) -> dict[str, Any]:
    return {
        "probes": seen.target.total,
        "probe_errors": seen.target.errors,
        "target_p99_ms": None if seen.target.p99 is None else round(seen.target.p99 * 1000),
        "source_p99_ms": None if seen.source.p99 is None else round(seen.source.p99 * 1000),
        "users": seen.users.total if seen.users else 0,
        "user_errors": seen.users.errors if seen.users else 0,
        "lag_ms": None if seen.lag is None else round(seen.lag.total_seconds() * 1000),
    }
