"""Facts of rehearsals that never took place, for whoever has to show or judge some."""

from dataclasses import replace
from random import Random

from landbridge.config.rehearsal import Fault
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Pair, Region
from landbridge.rehearse.facts import Facts, JournalLine, LeftOut, Traded, Worked
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.tally import Requests, Second, Stretch
from landbridge.rehearse.timeline import History, LagSample, PenMove, PenSample, Phase, StepChange, Weight

SOURCE, TARGET = Region("us-east-1"), Region("eu-central-1")
WEIGHTS = (Weight(0, 0), Weight(38, 1), Weight(45, 5), Weight(52, 25), Weight(59, 50), Weight(66, 100))
PHASES = (
    Phase("preflight", 0, 3.1, "done"),
    Phase("foundation", 3.1, 19.4, "done"),
    Phase("replicate", 19.4, 29.0, "done"),
    Phase("verify", 29.0, 37.6, "done"),
    Phase("shift", 37.6, 76.2, "done"),
    Phase("cutover", 76.2, 84.0, "done"),
    Phase("bake", 84.0, 92.4, "done"),
)


def fault(outcome: str = "rolled back") -> Fault:
    """A fault whose promise names a rollback."""
    promise = "When the target answers with errors, the gate takes the reads back and no user is left with one."
    return Fault.model_validate({"promise": promise, "kind": "errors", "at_step": "shift_reads", "outcome": outcome})


def history() -> History:
    """A whole migration: five weights, one pen move of 2,140 ms."""
    random = Random(3)
    return History(
        phases=PHASES,
        steps=(StepChange(38, "shift_reads", "waiting", "1 % has held up for 2 s of 6 s"),),
        weights=WEIGHTS,
        lags=tuple(LagSample(at / 2, None if at < 50 else 0.2 + random.random() * 0.1) for at in range(184)),
        pens=(
            PenSample(0.2, SOURCE, Domain.STATE, PenState.OPEN, 1),
            PenSample(20, TARGET, Domain.STATE, PenState.CLOSED, 1),
            PenSample(78.0, SOURCE, Domain.STATE, PenState.CLOSED, 1),
            PenSample(80.2, TARGET, Domain.STATE, PenState.OPEN, 2),
        ),
        moves=(PenMove(Domain.STATE, 78.0, 80.14),),
    )


def traded() -> Traded:
    """What fifty traders saw of it, without one error."""
    random = Random(5)
    share = {at: max((w.target_percent for w in WEIGHTS if w.at_s + 3 <= at), default=0) / 100 for at in range(92)}
    seconds = []
    for at in range(92):
        count = random.randint(17, 33)
        target = round(count * share[at])
        seconds.append(Second(at, {SOURCE: count - target, TARGET: target}, 0))
    return Traded(
        traders=50,
        rate=25.0,
        requests=Requests(2304, 0, 0, 0, 0, {TARGET: 801, SOURCE: 1503}, {}),
        seconds=tuple(seconds),
        stretches=tuple(_stretch(random) for _ in range(690)),
    )


def writes(accepted: int = 690, **flaws: tuple[str, ...]) -> Settled:
    """What became of the traders' writes; nothing is wrong with any unless told."""
    return Settled(Domain.STATE, "writes", accepted, {"lost": (), "doubled": (), "differing": ()} | flaws)


def facts() -> Facts:
    """A planned rehearsal in which all went well."""
    who = "engine laptop-4711"
    return Facts(
        seed=1,
        command="./dev rehearse --seed 1 --rate 25",
        began="21 November 2026, 13:00 UTC",
        regions=Pair(SOURCE, TARGET),
        faults=(),
        outcome="done",
        why="every phase is done, and the last bake held up",
        wall_s=92.4,
        setup={"emulators": 3.2, "source platform": 11.8, "5,000 items": 4.4, "prewarming": 3.6},
        traded=traded(),
        settled=(writes(),),
        history=history(),
        worked=(
            Worked("shift", 40.0, {"AWS in us-east-1": 20.0, "engine": 10.0, "users, edge, fabric": 30.0}),
            Worked("cutover.state", 6.0, {"AWS in us-east-1": 3.0, "engine": 1.5, "users, edge, fabric": 4.5}),
        ),
        memory={"AWS in us-east-1": 612.3, "engine": 140.0, "users, edge, fabric": 310.0},
        journal=(
            JournalLine(1, 0.1, who, "take lease, term 1", "nobody held it"),
            JournalLine(2, 0.4, who, "finding check_quotas: done", "both regions have room for every stack"),
            JournalLine(31, 78.0, who, "intend close_source", "the reverse copies were proved 0.9 s ago, lag 0.21 s"),
            JournalLine(
                33, 80.1, who, "intend open_target", "the source read closed at turn 31; 2.1 s have passed, the bound is 2 s"
            ),
        ),
        left_out=(
            LeftOut("CloudFront", "The edge and its resolver caches are this rehearsal's own; CloudFront itself was not asked."),
            LeftOut("IAM", "The emulator enforces no policy; the templates' policies are checked by static tests."),
        ),
    )


def gone_wrong() -> Facts:
    """A run under a fault that showed much it should not have, with names that try to be markup."""
    good = facts()
    evil = "<script>alert(1)</script>"
    lost = tuple(
        f"trader-{number:04d}/risk version 3 was accepted, and neither it nor a later one is in {TARGET}" for number in range(7)
    )
    requests = Requests(2304, 3, 41, 2, 1, {SOURCE: 2301}, {f"500 from {TARGET}": 40, f"no answer in time {evil}": 1})
    seconds = tuple(replace(second, raw_errors=10 if 53 <= second.at_s < 57 else 0) for second in good.traded.seconds)
    return replace(
        good,
        faults=(fault(),),
        why=f"errors at the target {evil}",
        traded=replace(good.traded, requests=requests, seconds=seconds),
        settled=(writes(680, lost=lost, doubled=("a was doubled",), differing=("a/b",)),),
        journal=(JournalLine(1, 0.1, evil, evil, evil),),
    )


def _stretch(random: Random) -> Stretch:
    asked = random.uniform(0, 92)
    answered = asked + random.uniform(0.05, 0.13)
    if 77.9 < answered < 80.2:
        answered = 80.2 + random.uniform(0.05, 0.35)
    return Stretch(asked, answered, SOURCE if answered < 79 else TARGET, "state")
