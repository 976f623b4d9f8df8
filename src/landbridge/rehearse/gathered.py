"""Everything a rehearsal knows when it is over, gathered from whoever kept it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import also_rehearsed
from landbridge.rehearse.facts import Facts, Traded, Worked, journal_lines
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.left_out import left_out
from landbridge.rehearse.retirement import evidence, living
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.watch import Watch

if TYPE_CHECKING:
    from landbridge.rehearse.rehearsal import Rehearse


def gathered(run: "Rehearse", ledger: Ledger, watch: Watch, outcome: str, settled: tuple[Settled, ...]) -> Facts:
    """All of it, as one value."""
    traffic, tally, history = run.rehearsal.traffic, ledger.tally, watch.timeline.history()
    traded = Traded(traffic.traders, traffic.rate, tally.requests(), tally.seconds(), tally.writes())
    return Facts(
        seed=run.rehearsal.seed,
        command=run.command,
        began=datetime.fromtimestamp(run.began, UTC).strftime("%Y-%m-%d %H:%M UTC"),
        regions=watch.migration.regions,
        faults=run.faults,
        outcome=outcome,
        why=watch.why,
        wall_s=round(run.clock(), 1),
        setup=run.setup,
        traded=traded,
        settled=settled,
        history=history,
        journal=journal_lines(watch.journal.records, run.began),
        left_out=left_out(run.rehearsal, Manifest.read(run.templates), also_rehearsed(run.trading)),
        missed=run.missed,
        and_back=run.and_back,
        retired=run.retire,
        living=living(watch.journal.records),
        evidence=evidence(watch.journal.records),
        worked=tuple(
            Worked(each.name, each.to_s - each.from_s, run.usage.between(each.from_s, each.to_s)) for each in history.phases
        ),
        memory=run.usage.memory,
    )
