"""A rehearsal is right only when everything expected was seen; each thing that wasn't is one sentence."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.rehearse_face.made_up import SOURCE, TARGET, facts, fault, gone_wrong, history, writes

from landbridge.model.pen import Domain, PenState
from landbridge.rehearse.facts import Facts, Living
from landbridge.rehearse.judge import Expectation, judge
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.timeline import History, PenSample, Weight

PLANNED = Expectation.of(())
HELD = (PenSample(0, SOURCE, Domain.STATE, PenState.OPEN, 1),)


def _requests(**changes: Any) -> Facts:
    good = facts()
    return replace(good, traded=replace(good.traded, requests=replace(good.traded.requests, **changes)))


def _writes(accepted: int = 690, **flaws: tuple[str, ...]) -> Facts:
    return replace(facts(), settled=(writes(accepted, **flaws),))


COMMANDS = Settled(Domain.COMMANDS, "commands", 40, {"lost": ()})


def _history(outcome: str, story: History) -> Facts:
    return replace(facts(), outcome=outcome, history=story)


def test_a_fault_that_never_struck_shows_nothing() -> None:
    """A run that ended well without its fault is no proof against it."""
    seen = replace(facts(), faults=(fault("done"),), missed=(fault("done"),))
    verdict = judge(seen, Expectation.of(seen.faults))
    assert not verdict.ok
    assert "its moment never came" in verdict.sentences[0]


def test_there_and_back_ends_where_it_began() -> None:
    """No read at the target, and the pen with its first holder."""
    home = replace(history(), weights=(Weight(1, 100), Weight(2, 0)), pens=HELD)
    seen = replace(facts(), and_back=True, history=home)
    assert judge(seen, PLANNED).ok
    assert not judge(replace(seen, history=history()), PLANNED).ok


def test_a_source_that_was_to_retire_must_be_gone_with_report_and_evidence() -> None:
    """What AWS keeps there for all regions may stay; a report of nothing proves nothing."""
    kept = Living("wafv2", "edge", SOURCE, "AWS keeps it here")
    seen = replace(facts(), retired=True, living=(kept, Living("store", "state", TARGET, "")), evidence=220)
    assert judge(seen, PLANNED).ok
    left = judge(replace(seen, living=(*seen.living, Living("log", "read", SOURCE, ""))), PLANNED)
    assert left.sentences == (f"Expected nothing of the platform in {SOURCE} any more, and 1 things are: log read.",)
    for silent in (replace(seen, living=()), replace(seen, evidence=0)):
        (said,) = judge(silent, PLANNED).sentences
        assert said.startswith("Expected a residency report")


def test_a_flawless_planned_run_is_right() -> None:
    """Nothing to say, verdict ok."""
    verdict = judge(facts(), PLANNED)
    assert (verdict.ok, verdict.outcome, verdict.expected, verdict.sentences) == (True, "done", "done", ())


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (replace(facts(), outcome="held"), "'held'"),
        (_requests(total=0), "not one request"),
        (_requests(failed=2), "2 of 2304 failed"),
        (_requests(wrong=1), "1 were wrong"),
        (_requests(raw_errors=4, errors={"500 from eu-central-1": 4}), "4 x 500 from eu-central-1"),
        (_writes(accepted=0), "Expected writes to be accepted, and not one was"),
        (_writes(lost=("a", "b", "c", "d", "e")), "a; b; c; and 2 more"),
        (_writes(doubled=("d",)), "Expected no doubled writes, and 1 of 690 are doubled: d."),
        (_writes(differing=("ann/orders",)), "ann/orders"),
        (replace(facts(), settled=(writes(), COMMANDS)), "the pen of 'commands' to end at eu-central-1, and it was at no single"),
        (_history("done", replace(history(), weights=(Weight(1, 50),))), "it was 50 %"),
        (_history("done", replace(history(), pens=HELD)), "it was at us-east-1"),
    ],
)
def test_each_flaw_of_a_planned_run_is_one_sentence(seen: Facts, word: str) -> None:
    """One thing wrong, one sentence, and it names what was seen."""
    verdict = judge(seen, PLANNED)
    assert not verdict.ok
    assert len(verdict.sentences) == 1
    assert word in verdict.sentences[0]


def test_several_faults_end_as_the_one_that_does_not_end_done() -> None:
    """What all of them allow is expected of the run they share."""
    assert Expectation.of((fault("done"), fault("held"), fault("done"))).outcome == "held"
    assert Expectation.of((fault("done"), fault("done"))) == Expectation("done", is_planned=False)


def test_under_a_fault_raw_errors_are_no_failure() -> None:
    """Users may have had to ask twice, if asking twice helped; the outcome is the fault's own."""
    story = History(weights=(Weight(1, 5), Weight(2, 0)), pens=HELD)
    good = replace(_requests(raw_errors=7), outcome="rolled back", history=story)
    assert judge(good, Expectation.of((fault(),))).ok
    assert not judge(good, PLANNED).ok


def test_rolled_back_means_back_where_it_was() -> None:
    """Reads left at the target, or a pen elsewhere than at first, are two sentences."""
    moved = (*HELD, PenSample(1, SOURCE, Domain.STATE, PenState.CLOSED, 1), PenSample(2, TARGET, Domain.STATE, PenState.OPEN, 2))
    verdict = judge(_history("rolled back", History(weights=(Weight(1, 5),), pens=moved)), Expectation.of((fault(),)))
    assert len(verdict.sentences) == 2
    assert "it was 5 %" in verdict.sentences[0]
    assert "Expected the pen of 'state' to end at us-east-1, and it was at eu-central-1" in verdict.sentences[1]


def test_held_asks_nothing_of_weights_and_pens() -> None:
    """Where a held migration stands is for a person to decide."""
    assert judge(_history("held", History(weights=(Weight(1, 5),))), Expectation.of((fault("held"),))).ok


def test_a_disaster_is_told_in_full() -> None:
    """Every failed expectation has its own sentence."""
    assert len(judge(gone_wrong(), Expectation.of(gone_wrong().faults)).sentences) == 6


def test_nothing_accepted_and_nothing_lost_is_not_proof() -> None:
    """An empty ledger can't pass."""
    assert not judge(_writes(0), PLANNED).ok
