"""Operators command in any order, while the engine works: each command is honoured or refused as the run stood.

What should come of a command is worked out here a second time, from the chain's records and the toys alone.
"""

from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from tests.fakes import Clock
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.config.control import Calendar as Rules
from landbridge.config.control import Session
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.decisions import Decision, refusal
from landbridge.migrate.engine import Tick
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.step import Moves, Seen, State

NIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC).timestamp()  # a Monday
MARKET = Calendar(Rules(hours=(Session(days=("mon", "tue", "wed", "thu", "fri"), opens="09:00", closes="17:00"),)))
PEOPLE = ["ada", "ben", "cat"]  # ada began the plan
NEEDED = {"shift": 1, "cut": 2}
PHASES = {"build": ["deploy"], "shift": ["route", "share"], "cut": ["prove", "close", "open", "start"], "last": ["tidy", "end"]}
STEPS = [step for steps in PHASES.values() for step in steps]
PLACES = [*STEPS, *PHASES, "nowhere"]
WHATS = ["abort", "approve", "pause", "resume", "hold", "failback"]
MOVERS = {"share": Moves.READS, "close": Moves.WRITES}


class Pivot(Toy):
    """Once open, it can't go back."""

    def revert(self, context: object) -> Seen:
        """Only forward."""
        del context
        self.calls.append("revert")
        return Seen(State.FAILED, "open already") if self.on else Seen(State.DONE, "barred")


class Operators(RuleBasedStateMachine):
    """One run of one plan, three people, and a world that stalls, fails and recovers."""

    @initialize(stuck=st.sampled_from(STEPS), approved=st.booleans(), hours=st.sampled_from([0, 0, 6]))
    def begin(self, stuck: str, approved: bool, hours: int) -> None:  # noqa: FBT001
        """Where it has come as far as one step, which is stuck; with everybody's approval, or without."""
        self.toys = {name: Toy(name, moves=MOVERS.get(name, Moves.NOTHING)) for name in STEPS}
        self.toys["open"] = Pivot("open", pivot=True)
        phases = row(*((name, [self.toys[step] for step in steps]) for name, steps in PHASES.items()), **NEEDED)
        self.bench = Bench(phases, clock=Clock(NIGHT), calendar=MARKET)
        self.toys[stuck].sees = Seen(State.WAITING, "stuck")
        self.bench.engine.advance()
        for who, phase in [("ben", "shift"), ("ben", "cut"), ("cat", "cut")] if approved else []:
            self.bench.ask("approve", phase, who)
        for _ in range(40):
            self._tick()
        self.bench.clock.sleep(hours * 3600)

    @rule(ticks=st.integers(1, 12))
    def tick(self, ticks: int) -> None:
        """The engine works for a while."""
        for _ in range(ticks):
            self._tick()

    @rule()
    def unstick(self) -> None:
        """All goes well again, for a while."""
        for toy in self.toys.values():
            toy.sees = None
        self.tick(12)

    @rule(what=st.sampled_from(WHATS), place=st.sampled_from(PLACES), who=st.sampled_from(PEOPLE))
    def ask(self, what: str, place: str, who: str) -> None:
        """Somebody decides something; the engine may be busy."""
        self.bench.ask(what, place, who)

    @rule(what=st.sampled_from(WHATS), place=st.sampled_from(PLACES), who=st.sampled_from(PEOPLE))
    def ask_as_the_door_would(self, what: str, place: str, who: str) -> None:
        """With nothing in between, the engine says what the door said."""
        while self._asked():
            self._tick()
        progress = self.bench.engine.journal.progress
        door = refusal(self.bench.engine.plan, progress, Decision(what, who, place, progress.run))
        self.bench.ask(what, place, who)
        self._tick()
        assert (self._answer(self._records()[-1]) is True) == (door is None)

    @rule(who=st.sampled_from(["ben", "cat"]), phase=st.sampled_from(sorted(NEEDED)), ticks=st.integers(0, 12))
    def approve(self, who: str, phase: str, ticks: int) -> None:
        """What people mostly do."""
        self.bench.ask("approve", phase, who)
        self.tick(ticks)

    @rule(ahead=st.integers(0, 2))
    def hold(self, ahead: int) -> None:
        """Where it is, or a little later; then all goes well, and it is seen to stop there."""
        entered = list(self.bench.engine.journal.progress.entered)
        self.bench.ask("hold", STEPS[min(len(entered) - 1 + ahead, len(STEPS) - 1)])
        self.unstick()

    @rule()
    def pause(self) -> None:
        """All goes well, and still nothing is done."""
        self.bench.ask("pause")
        self.unstick()

    @rule(step=st.sampled_from(STEPS), state=st.sampled_from([State.WAITING, State.BLOCKED, None]))
    def stall(self, step: str, state: State | None) -> None:
        """A step gets stuck, or free again."""
        self.toys[step].sees = Seen(state, "stuck") if state else None

    @rule(step=st.sampled_from(["share", "prove", "close"]))
    @precondition(lambda self: not self.toys["open"].on)
    def fail(self, step: str) -> None:
        """A gate or a budget fails."""
        self.toys[step].sees = Seen(State.FAILED, "too bad")

    @rule(hours=st.sampled_from([0.001, 1, 5, 12]))
    def wait(self, hours: float) -> None:
        """Markets open and close."""
        self.bench.clock.sleep(hours * 3600)

    def teardown(self) -> None:
        """Once nothing is stuck and everybody agrees, it comes to its end, and to the right one."""
        if not hasattr(self, "bench"):
            return
        for toy in self.toys.values():
            toy.sees = None
        for who, what, place in [("ben", "resume", ""), *((who, "approve", phase) for who in PEOPLE for phase in NEEDED)]:
            self.bench.ask(what, place, who)
        self.bench.clock.now = NIGHT + 7 * 86_400
        for _ in range(200):
            if self._tick() is Tick.ENDED:
                break
        back = self._directions()[-1:] == ["back"]
        assert self._of(Kind.ENDED)[0].data["outcome"] == ("rolled back" if back else "done")
        assert back or all(toy.on for toy in self.toys.values())

    def _tick(self) -> Tick:
        """One tick, held against what stood before it."""
        asked, expected = self._asked()[:1], self._expected()
        before, calls = len(self._records()), {name: list(toy.calls) for name, toy in self.toys.items()}
        stopped = self._stopped()
        tick = self.bench.engine.advance()
        if asked:
            (answer,) = [record for record in self._records()[before:] if record.kind is not Kind.LEASE]
            assert (answer.data["asked"], self._answer(answer)) == (asked[0].number, expected)
        if asked or self._paused():
            assert calls == {name: toy.calls for name, toy in self.toys.items()}
        for name, toy in self.toys.items():
            assert "apply" in calls[name] or "apply" not in toy.calls or name not in stopped, f"{name} must not have begun"
        return tick

    def _records(self) -> list[Record]:
        return self.bench.store.kept

    def _of(self, *kinds: Kind) -> list[Record]:
        return [record for record in self._records() if record.kind in kinds]

    def _directions(self) -> list[str]:
        return [record.data["direction"] for record in self._of(Kind.TURNED)]

    @staticmethod
    def _answer(record: Record) -> bool:
        return record.kind is Kind.TURNED or record.data["honoured"]

    def _asked(self) -> list[Record]:
        answered = {record.data.get("asked") for record in self._of(Kind.ANSWERED, Kind.TURNED)}
        return [record for record in self._of(Kind.ASKED) if record.number not in answered]

    def _honoured(self, *whats: str) -> list[Record]:
        """What was honoured since the engine last turned."""
        turned = max((record.number for record in self._of(Kind.TURNED)), default=0)
        found = [record for record in self._of(Kind.ANSWERED) if record.data["honoured"] and record.number > turned]
        return [record for record in found if record.data["what"] in whats]

    def _paused(self) -> bool:
        return [record.data["what"] for record in self._honoured("pause", "resume")][-1:] == ["pause"]

    def _held_at(self) -> str:
        return next((held.step for held in self._honoured("hold", "resume")[-1:] if held.data["what"] == "hold"), "")

    def _approved(self, phase: str) -> set[str]:
        given = [record for record in self._of(Kind.ANSWERED) if record.data["honoured"] and record.data["what"] == "approve"]
        return {record.data["by"] for record in given if record.step == phase}

    def _applied(self, step: str) -> bool:
        return "apply" in self.toys[step].calls

    def _stopped(self) -> set[str]:
        """The steps that must not begin in this tick."""
        held = self._held_at()
        stopped = set(STEPS[STEPS.index(held) + 1 :]) if held else set()
        for phase, needed in NEEDED.items():
            if len(self._approved(phase) - {"ada"}) < needed and not any(map(self._applied, PHASES[phase])):
                stopped |= set(PHASES[phase])
        now = datetime.fromtimestamp(self.bench.clock(), UTC)
        return stopped | (set(MOVERS) if now.weekday() < 5 and 9 <= now.hour < 17 else set())

    def _expected(self) -> bool:
        """Whether the oldest decision is to be honoured."""
        for asked in self._asked()[:1]:
            if self._of(Kind.ENDED):
                return False
            return bool(getattr(self, f"_may_{asked.data['what']}")(asked, back=self._directions()[-1:] == ["back"]))
        return False

    def _may_abort(self, _asked: Record, *, back: bool) -> bool:
        through = self._of(Kind.TURNED)[-1].data["through"] if back else ""
        return bool(through) if back else not self._applied("open")

    def _may_failback(self, _asked: Record, *, back: bool) -> bool:
        return not back and self._applied("open") and all(map(self._done, PHASES["cut"]))

    def _may_pause(self, _asked: Record, *, back: bool) -> bool:
        undone = [step for step in ("close", "open", "start") if not self._done(step)]
        return not back and not self._paused() and not (self._applied("close") and undone)

    def _may_resume(self, _asked: Record, *, back: bool) -> bool:
        return not back and (self._paused() or bool(self._held_at()))

    def _may_hold(self, asked: Record, *, back: bool) -> bool:
        if back or asked.step not in STEPS or asked.step in {"close", "open", "end"}:
            return False
        return not any(map(self._applied, STEPS[STEPS.index(asked.step) + 1 :]))

    def _may_approve(self, asked: Record, *, back: bool) -> bool:
        for phase, needed in NEEDED.items():
            if asked.step in {phase, *PHASES[phase]}:
                given = self._approved(phase)
                fits = asked.who != "ada" and asked.who not in given and len(given) < needed
                return fits and not back and not any(map(self._applied, PHASES[phase]))
        return False

    def _done(self, step: str) -> bool:
        """Found done since it was last applied, and not gone back from."""
        states = [
            record.kind is Kind.FOUND and record.data["state"] == "done"
            for record in self._of(Kind.FOUND, Kind.INTENT, Kind.REVERTED)
            if record.step == step
            and (record.kind is not Kind.FOUND or record.data["state"] == "done")
            and (record.kind is not Kind.INTENT or record.data["verb"] == "apply")
        ]
        return states[-1:] == [True]


TestOperators = Operators.TestCase
TestOperators.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
