"""Whether a region is good enough to go on: pass, fail or inconclusive. What is missing or too little never passes.

It fails on evidence of a regression in any stretch of the window, and passes only when the newest answers rule one out.
Between the two it is inconclusive (docs/decisions/0008 derives the numbers).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from landbridge.config.spec import Gate as Limits
from landbridge.migrate.evidence import above, so_few, worse
from landbridge.traffic.port import Sample
from landbridge.traffic.window import Tally, Window

STRETCHES = 9  # the window, its newest half, quarter ... 256th
USER_PERIODS = 5  # periods of users' metrics that are judged together


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

    def judge(self, verified_ago: timedelta | None) -> Judgement:
        """Measures and judges; changes nothing. `verified_ago` is the age of the copies' comparison; None = there is none."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything one judgement rests on."""

    now: float
    source: Window
    target: Window
    users: Sample | None  # None = their metrics can't be read
    lag: timedelta | None  # None = no heartbeat can be read
    silent: timedelta  # since the copy was last within its limit, with users' metrics readable
    verified: bool  # whether a comparison of the copies is fresh enough
    others: Mapping[str, timedelta | None] = field(default_factory=dict)  # the lag of the other stores' copies


@dataclass(frozen=True, slots=True)
class Kind:
    """One way for answers to be bad: the share that is a regression, and the share any region may have."""

    name: str
    said: str
    regressed: float
    harmless: float
    compared: bool  # whether the source doing as badly in the same stretch excuses it

    def evidence(self, target: Tally, source: Tally) -> float:
        """That the target is above what any region may have, and worse than the source is."""
        bad = getattr(target, self.name)
        surely = above(bad, target.total, self.harmless)
        return min(surely, worse(bad, target.total, getattr(source, self.name), source.total)) if self.compared else surely


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence against the target, and the counts it comes from."""

    evidence: float = 0.0
    bad: int = 0
    total: int = 0
    what: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.bad} of {self.total} {self.what} in {round(self.seconds, 1):g} s"


def kinds(limits: Limits) -> tuple[Kind, Kind, Kind]:
    """Errors, wrong answers, slow answers; wrong is wrong, whatever the source says."""
    return (
        Kind("errors", "failed", limits.max_error_rise, limits.max_error_rise / 4, compared=True),
        Kind("wrong", "were wrong", limits.max_wrong_rate, limits.max_wrong_rate / 20, compared=False),
        Kind("slow", "were slow beside the source's", limits.max_slow_share, limits.max_slow_share / 3, compared=True),
    )


def judge(limits: Limits, seen: Measured) -> Judgement:
    """Fails on what is surely bad, passes on what surely is not, and says inconclusive of the rest."""
    slow = _slow_from(limits, seen.source.p99)
    found = max(_findings(limits, seen, slow), key=lambda finding: finding.evidence, default=Finding())
    figures = {**_figures(seen), "evidence": round(found.evidence, 1)}
    if out := _source_out(seen):
        return Judgement(Verdict.INCONCLUSIVE, out, figures)
    if bad := _bad(limits, seen, found):
        return Judgement(Verdict.FAIL, bad, figures)
    if doubt := _missing(limits, seen) or _not_ruled_out(limits, seen, slow, found):
        return Judgement(Verdict.INCONCLUSIVE, doubt, figures)
    probes = f"{seen.target.total} probes, {figures['probe_errors']} failed, {figures['probes_wrong']} wrong"
    return Judgement(Verdict.PASS, f"{probes}, p99 {figures['target_p99_ms']} ms", figures)


def _slow_from(limits: Limits, p99: float | None) -> float:
    """Half way, in proportion, between as fast as the source and too slow; infinite with nothing to compare."""
    return math.inf if p99 is None else max(limits.slow_floor_seconds, math.sqrt(limits.max_slowdown) * p99)


def _findings(limits: Limits, seen: Measured, slow: float) -> Iterator[Finding]:
    slow_target, slow_source = seen.target.slower(slow), seen.source.slower(slow)
    sorts = kinds(limits)
    for halved in range(STRETCHES):
        seconds = limits.window_seconds / 2**halved
        target = seen.target.since(seen.now - seconds, slow_target)
        if not target.errors + target.wrong + target.slow:
            break  # and none in any shorter stretch
        source = seen.source.since(seen.now - seconds, slow_source)
        for kind in sorts:
            said = f"probes of the target {kind.said}"
            yield Finding(kind.evidence(target, source), getattr(target, kind.name), target.total, said, seconds)
    if seen.users and seen.users.errors:
        yield _users(limits, seen, seen.users)


def _users(limits: Limits, seen: Measured, users: Sample) -> Finding:
    """The source's probes of the same time stand for its users, who may all be at the target by now."""
    seconds = float(USER_PERIODS * limits.metrics_period_seconds)
    source = seen.source.since(seen.now - seconds, [])
    evidence = kinds(limits)[0].evidence(Tally(users.total, users.errors, 0, 0), source)
    return Finding(evidence, users.errors, users.total, "users' requests failed at the target", seconds)


def _source_out(seen: Measured) -> str | None:
    newest = seen.source.since(seen.now, [])
    if 2 * newest.errors < max(1, newest.total):
        return None
    return f"{newest.errors} of the newest {newest.total} probes of the source failed: reads are not sent there"


def _bad(limits: Limits, seen: Measured, found: Finding) -> str | None:
    if found.evidence >= -math.log(limits.false_fail_chance):
        return str(found)
    silence = _silence(limits, seen)
    if silence is None or seen.silent.total_seconds() <= limits.silence_seconds:
        return None
    return f"{silence}; so for {seen.silent.total_seconds():.0f} s"


def _silence(limits: Limits, seen: Measured) -> str | None:
    if seen.lag is None:
        return "no heartbeat is readable at the target"
    if seen.lag.total_seconds() > limits.max_lag_seconds:
        return f"the copy is {seen.lag.total_seconds():.1f} s behind, limit {limits.max_lag_seconds:g} s"
    for store, lag in seen.others.items():
        if late := _late(store, lag, limits.most_lag(store)):
            return late
    return "no metrics of users are readable at the target" if seen.users is None else None


def _late(store: str, lag: timedelta | None, limit: float) -> str | None:
    if lag is None:
        return f"no heartbeat of {store} is readable at the target"
    behind = lag.total_seconds()
    return f"the copy of {store} is {behind:.1f} s behind, limit {limit:g} s" if behind > limit else None


def _missing(limits: Limits, seen: Measured) -> str | None:
    if silence := _silence(limits, seen):
        return silence
    for name, window in (("target", seen.target), ("source", seen.source)):
        if window.total < limits.min_probes:
            return f"{window.total} of {limits.min_probes} probes of the {name}"
    if seen.target.p99 is None or seen.source.p99 is None:
        return "nothing to compare the target's speed by"
    return None if seen.verified else "there is no comparison of the copies, or it is out of date"


def _not_ruled_out(limits: Limits, seen: Measured, slow: float, found: Finding) -> str | None:
    if found.evidence >= -math.log(limits.false_pass_chance):
        return str(found)
    since = seen.target.newest(limits.min_probes)
    newest = seen.target.since(seen.now if since is None else since, seen.target.slower(slow))
    source = seen.source.since(-math.inf, [])
    for kind in kinds(limits):
        own = source.errors / source.total if kind.name == "errors" else 0.0
        bad = getattr(newest, kind.name)
        if so_few(bad, newest.total, min(0.99, own + kind.regressed)) > limits.false_pass_chance:
            return f"{bad} of the newest {newest.total} probes {kind.said}: too many to rule a regression out"
    return None


def _figures(seen: Measured) -> dict[str, Any]:
    target = seen.target.since(-math.inf, [])
    return {
        "probes": target.total,
        "probe_errors": target.errors,
        "probes_wrong": target.wrong,
        "target_p99_ms": None if seen.target.p99 is None else round(seen.target.p99 * 1000),
        "source_p99_ms": None if seen.source.p99 is None else round(seen.source.p99 * 1000),
        "users": seen.users.total if seen.users else 0,
        "user_errors": seen.users.errors if seen.users else 0,
        "lag_ms": _milliseconds(seen.lag),
        **{f"lag_ms.{store}": _milliseconds(lag) for store, lag in seen.others.items()},
    }


def _milliseconds(lag: timedelta | None) -> int | None:
    return None if lag is None else round(lag.total_seconds() * 1000)
