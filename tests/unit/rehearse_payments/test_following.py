"""Whoever looks over an engine's shoulder follows one plan after the other in the same journal."""

from dataclasses import replace
from pathlib import Path

from tests.unit.migrate.test_payments_plans import THERE, Case

from landbridge.migrate.journal import Journal
from landbridge.migrate.progress import Outcome
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.timeline import Timeline
from landbridge.rehearse.watch import Following


def test_a_second_plan_is_followed_where_the_first_one_ended(tmp_path: Path) -> None:
    """What was read already belongs to the first; each plan's own end is seen."""
    grows, clock = Case(), Case().world.clock
    journal = Journal(grows.store, "bystander", clock, lease_seconds=6, skew_bound=2)
    with Ledger(tmp_path / "ledger.jsonl", clock, 1.0) as ledger:
        watch = Following(journal, grows.plan(), Timeline(clock), ledger, clock, 0.0)
        grows.run()
        watch.look()
        assert (watch.outcome, watch.moment().phases[-1]) == (Outcome.DONE, ("shift", "done"))
        leaves = replace(grows, out=THERE)
        second = replace(watch, plan=leaves.plan())
        assert second.outcome is None
        grows.world.clock.sleep(60)  # the first engine's lease is over
        leaves.run(who="second")
        second.look()
        assert second.moment().phases == (("preflight", "done"), ("out", "done"), ("verify", "done"), ("back", "done"))
        assert [phase.name for phase in second.timeline.history().phases][-4:] == ["preflight", "out", "verify", "back"]
