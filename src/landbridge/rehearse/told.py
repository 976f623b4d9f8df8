"""A rehearsal in figures, for programs: what `rehearsal.json` holds."""

from dataclasses import asdict
from typing import Any

from landbridge.rehearse.facts import Facts
from landbridge.rehearse.judge import Verdict


def as_json(facts: Facts, verdict: Verdict) -> dict[str, Any]:
    """The run in figures."""
    return {
        "seed": facts.seed,
        "wall_s": round(facts.wall_s, 3),
        **_course(facts),
        "requests": _requests(facts),
        **{
            each.what: {"accepted": each.accepted, **{flaw: len(found) for flaw, found in each.flaws.items()}}
            for each in facts.settled
        },
        "pens": {domain: {"pause_ms": round(pause, 1)} for domain, pause in sorted(facts.history.pauses_ms().items())},
        "left_out": [asdict(each) for each in facts.left_out],
        "verdict": {
            "ok": verdict.ok,
            "outcome": verdict.outcome,
            "expected": verdict.expected,
            "sentences": list(verdict.sentences),
        },
        "faults": [fault.model_dump() for fault in facts.faults],
        "command": facts.command,
        "setup_s": {name: round(seconds, 3) for name, seconds in facts.setup.items()},
        **({"residency": [asdict(each) for each in facts.living], "evidence": facts.evidence} if facts.retired else {}),
    }


def _course(facts: Facts) -> dict[str, Any]:
    """What happened when, and who worked for it."""
    history = facts.history
    return {
        "phases": [{"name": each.name, "from_s": round(each.from_s, 3), "to_s": round(each.to_s, 3)} for each in history.phases],
        "worked": [
            {
                "name": each.name,
                "seconds": round(each.seconds, 3),
                "processor_s": {kind: round(spent, 2) for kind, spent in each.processor.items()},
            }
            for each in facts.worked
        ],
        "memory_mb": {kind: round(most) for kind, most in facts.memory.items()},
        "weights": [{"at_s": round(each.at_s, 3), "target_percent": each.target_percent} for each in history.weights],
    }


def _requests(facts: Facts) -> dict[str, Any]:
    seen = facts.traded.requests
    return {
        "total": seen.total,
        "failed": seen.failed,
        "raw_errors": seen.raw_errors,
        "slow": seen.slow,
        "wrong": seen.wrong,
        "by_region": dict(seen.by_region),
    }
