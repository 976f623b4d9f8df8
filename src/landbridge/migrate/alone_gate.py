"""A gate on one region alone, for when the other one may be out: it passes when probes rule a bad region out.

There is nothing to compare its speed with, so only failed and wrong answers count.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.spec import Gate as Limits
from landbridge.migrate.evidence import so_few
from landbridge.migrate.gate import Judgement, Verdict, kinds
from landbridge.traffic.port import Probes


@dataclass(frozen=True)
class AloneGate:
    """Judges one region by its own answers; what is too little never passes."""

    limits: Limits
    probes: Probes
    clock: Callable[[], float]

    def judge(self, verified_ago: timedelta | None) -> Judgement:
        """On the newest probes, as many as a pass rests on."""
        del verified_ago
        window = self.probes.sample(self.clock())
        since = window.newest(self.limits.min_probes)
        if since is None:
            return Judgement(Verdict.INCONCLUSIVE, f"{window.total} of {self.limits.min_probes} probes")
        newest = window.since(since, [])
        figures = {"probes": newest.total, "probe_errors": newest.errors, "probes_wrong": newest.wrong}
        for kind in kinds(self.limits)[:2]:
            bad = getattr(newest, kind.name)
            if so_few(bad, newest.total, kind.regressed) > self.limits.false_pass_chance:
                return Judgement(Verdict.INCONCLUSIVE, f"{bad} of the newest {newest.total} probes {kind.said}", figures)
        return Judgement(Verdict.PASS, f"{newest.errors} of {newest.total} probes failed, {newest.wrong} wrong", figures)
