"""The timeline keeps what changed, in order, and nothing twice."""

from itertools import count

from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region
from landbridge.rehearse.tally import Stretch, Tally
from landbridge.rehearse.timeline import History, LagSample, Phase, Timeline, Weight

S, T = Region("us-east-1"), Region("eu-central-1")


def _timeline() -> Timeline:
    """A timeline whose clock moves by a second at each look."""
    seconds = count()
    return Timeline(lambda: float(next(seconds)))


def test_a_phase_ends_where_the_next_begins() -> None:
    """Phases follow each other; told twice, a phase goes on; the last one reaches up to now."""
    timeline = _timeline()
    for name in ("preflight", "preflight", "shift"):
        timeline.phase(name)
    assert timeline.history().phases == (Phase("preflight", 0, 1, "done"), Phase("shift", 2, 3, "running"))


def test_a_phase_keeps_the_mark_it_ended_with() -> None:
    """What was reverted stays reverted, and ending nothing does nothing."""
    timeline = _timeline()
    timeline.ended("failed")
    timeline.phase("shift")
    timeline.ended("reverted")
    timeline.ended("done")
    assert [phase.mark for phase in timeline.history().phases] == ["reverted"]


def test_only_changes_of_weights_steps_and_pens_are_kept() -> None:
    """The same reading again is no news; lag is kept every time."""
    timeline = _timeline()
    for _ in range(2):
        timeline.weight(5)
        timeline.step("shift_reads", "waiting", "soon")
        timeline.pen(S, Domain.STATE, PenState.OPEN, 1)
        timeline.lag(None)
        timeline.pen_moved(Domain.STATE, 1.0, 3.5)
    timeline.weight(0)
    history = timeline.history()
    assert history.weights == (Weight(0, 5), Weight(5, 0))
    assert (len(history.steps), len(history.pens), len(history.moves)) == (1, 1, 1)
    assert history.lags == (LagSample(3, None), LagSample(4, None))
    assert history.moves[0].pause_ms == 2500


def test_the_holder_is_the_one_region_whose_pen_is_open() -> None:
    """Nobody, or two at once, is None."""
    timeline = _timeline()
    assert (History().holder(Domain.STATE), History().first_holder(Domain.STATE), History().target_percent()) == (None, None, 0)
    holders = []
    for region, state in ((S, PenState.OPEN), (T, PenState.OPEN), (S, PenState.CLOSED), (T, PenState.CLOSED)):
        timeline.pen(region, Domain.STATE, state, 1)
        holders.append(timeline.history().holder(Domain.STATE))
    assert holders == [S, None, T, None]
    assert timeline.history().first_holder(Domain.STATE) == S


def test_the_tally_shows_each_second_and_the_last_few() -> None:
    """Answers and raw errors fall into their seconds; what is recent is forgotten in time; slow is counted from due."""
    tally = Tally(slow_seconds=2)
    assert tally.recent(0).p99_ms is None
    tally.asked()
    tally.stumbled(1.2, "500 from us-east-1")
    tally.answered(0.5, 3.1, S, "state")
    tally.answered(3.0, 3.2, T)
    assert [(second.at_s, dict(second.by_region), second.raw_errors) for second in tally.seconds()] == [
        (1, {}, 1),
        (3, {T: 1, S: 1}, 0),
    ]
    assert tally.writes() == (Stretch(0.5, 3.1, S, "state"),)
    assert (tally.requests().slow, tally.requests().errors) == (1, {"500 from us-east-1": 1})
    assert (tally.recent(4).rate, round(tally.recent(4).p99_ms or 0), tally.recent(4).raw_errors) == (0.5, 2600, 1)
    assert (tally.recent(20).rate, tally.recent(20).raw_errors) == (0, 0)
