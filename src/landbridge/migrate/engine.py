"""The engine: one tick looks at the world, writes down what it sees and intends, acts once, and returns.

Crash safety follows from three things: `check` reads the world, an intent is in the journal before its act, and every
act on a pen carries its intent's number. Nothing here sleeps or loops over time. The steps of the running phase are
looked at again from its first one at each tick, so what was done and came undone is repaired. What finished phases
have set is compared and repaired whenever the running phase has nothing to do: a closed pen never waits for a weight.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import takewhile

from landbridge.migrate.decisions import Decision, goes_back, refusal, standing
from landbridge.migrate.journal import Journal
from landbridge.migrate.permission import permitted
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.progress import Direction, Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.migrate.unfenced import sure
from landbridge.model.errors import BadInput, Lapsed, LeaseHeld, Overtaken, Refused, Unreachable

WHY_EVERY = 2.0  # seconds between records of a waiting step that only its figures tell apart


class Tick(StrEnum):
    """What one tick came to."""

    MOVED = "moved"  # something was recorded or done: tick again at once
    WAITING = "waiting"
    HELD = "held"  # a person must decide
    ENDED = "ended"


COMES_TO = {
    State.DONE: Tick.MOVED,
    State.READY: Tick.WAITING,
    State.WAITING: Tick.WAITING,
    State.BLOCKED: Tick.HELD,
    State.FAILED: Tick.HELD,
}


@dataclass(frozen=True, slots=True)
class Engine:
    """One plan on one journal."""

    plan: Plan
    journal: Journal
    starter: str = ""  # who is said to begin the runs it begins; empty = the engine itself

    def advance(self) -> Tick:
        """One tick. LeaseHeld when another engine works; Unreachable when the journal does not answer."""
        self.journal.refresh()
        self.journal.hold_lease()
        progress = self.journal.progress
        if progress.plan != self.plan.hash:
            return self._begin()
        if progress.asked:
            return self._answer(Decision.of(progress.asked[0]))
        if progress.outcome:
            return Tick.ENDED
        if progress.paused:
            return Tick.WAITING
        if progress.direction is Direction.BACK:
            return self._back()
        return self._forward()

    def again(self) -> None:
        """Begin the plan anew after a run of it has ended; nothing while one is under way."""
        self.journal.refresh()
        self.journal.hold_lease()
        if self.journal.progress.outcome:
            self._begin()

    def _begin(self) -> Tick:
        progress = self.journal.progress
        if progress.plan and not progress.outcome:
            raise BadInput(
                f"journal {self.journal.store.chain}",
                f"another plan ({progress.plan_name} {progress.plan}) is under way",
                "finish it or go back with the configuration it began with",
            )
        starter = self.starter or self.journal.who
        data = {"name": self.plan.name, "hash": self.plan.hash, "steps": self.plan.sentences(), "starter": starter}
        self.journal.append(Kind.PLAN, data=data)
        return Tick.MOVED

    def _answer(self, asked: Decision) -> Tick:
        """What an operator decided is honoured, or refused with the reason, by how the run stands now."""
        refused = refusal(self.plan, self.journal.progress, asked)
        if not refused and (through := goes_back(self.plan, self.journal.progress, asked)) is not None:
            self._turn(Direction.BACK, through, asked.told, asked.number)
        else:
            no = f"{asked.what} refused: {refused}; {standing(self.journal.progress)}"
            told = {**asked.named(), "honoured": not refused}
            self.journal.append(Kind.ANSWERED, asked.place(self.plan), no if refused else asked.told, told)
        return Tick.MOVED

    def _forward(self) -> Tick:
        done = self.journal.progress.done_at
        finished = list(takewhile(lambda phase: all(step.name in done for step in phase.steps), self.plan.phases[:-1]))
        tick = self._run(self.plan.phases[len(finished)])
        if tick is Tick.MOVED:
            return tick
        repair = self._keep(finished)
        if tick is None and repair is None:
            self.journal.append(Kind.ENDED, why="every step is done", data={"outcome": Outcome.DONE})
        return tick or repair or Tick.MOVED

    def _run(self, phase: Phase) -> Tick | None:
        """The running phase from its first step; None when all of it is done."""
        if why := self._needless(phase):
            unsaid = [step for step in phase.steps if step.name not in self.journal.progress.done_at]
            for step in unsaid:
                self.journal.append(Kind.FOUND, step.name, why, {"state": State.DONE})
            return Tick.MOVED if unsaid else None
        for step in phase.steps:
            seen = self._look(step)
            if seen.state is not State.DONE or step.name not in self.journal.progress.done_at:
                return self._act(phase, step, seen)
        return None

    def _needless(self, phase: Phase) -> str | None:
        """Why nothing of a phase that has not begun in this run is left to do; None = it must be done."""
        begun = any(step.name in self.journal.progress.entered for step in phase.steps)
        return None if begun or phase.needless is None else phase.needless()

    def _keep(self, finished: list[Phase]) -> Tick | None:
        """The newest of each kind of setting in each finished phase, which a stranger may have changed; None when all stand."""
        for step in (step for phase in finished for step in {type(each): each for each in self._set_in(phase)}.values()):
            seen = self._look(step)
            if seen.state is State.READY:
                return self._apply(step, seen, repair=True)
            if seen.state is not State.DONE:
                self._found(step, seen)
                return Tick.WAITING
        return None

    def _set_in(self, phase: Phase) -> list[Step]:
        return [step for step in phase.steps if step.setting and self.journal.progress.intents(step.name, Verb.APPLY)]

    def _look(self, step: Step) -> Seen:
        if step.name not in self.journal.progress.entered:
            self.journal.append(Kind.ENTERED, step.name, step.sentence)
        try:
            return step.check(self._context(step, Verb.APPLY))
        except Unreachable as silent:
            return Seen(State.WAITING, str(silent))
        except (Refused, Overtaken, BadInput) as no:
            return Seen(State.BLOCKED, str(no))

    def _act(self, phase: Phase, step: Step, seen: Seen) -> Tick:
        seen = permitted(self.plan, self.journal.progress, step, seen, self.journal.clock())
        if seen.state is State.READY:
            return self._apply(step, seen)
        tick = self._found(step, seen)
        if seen.state is State.FAILED and not phase.final:
            self._turn(Direction.BACK, phase.name, f"{step.name}: {seen.why}")
            return Tick.MOVED
        return tick

    def _apply(self, step: Step, seen: Seen, *, repair: bool = False) -> Tick:
        try:
            before = self.journal.progress.before.get(step.name) or step.before()
            sure(self.journal, step)
            self._intend(step, Verb.APPLY, seen.why, before, repair=repair)
            sure(self.journal, step)  # writing the intent took time
            step.apply(self._context(step, Verb.APPLY))
        except (Unreachable, Lapsed) as silent:
            return self._lost(step, silent)
        except (Refused, Overtaken, BadInput) as no:
            return self._found(step, Seen(State.BLOCKED, str(no)))
        return Tick.MOVED

    def _back(self) -> Tick:
        progress = self.journal.progress
        for phase in reversed(self.plan.phases):
            for step in reversed(phase.steps):
                if progress.intents(step.name, Verb.APPLY) and step.name not in progress.reverted:
                    return self._revert(step)
            if phase.name == progress.back_through:
                break
        self.journal.append(Kind.ENDED, why=progress.turned_why, data={"outcome": Outcome.ROLLED_BACK})
        return Tick.MOVED

    def _revert(self, step: Step) -> Tick:
        progress = self.journal.progress
        applied, reverted = progress.intents(step.name, Verb.APPLY), progress.intents(step.name, Verb.REVERT)
        if not reverted or reverted[-1][0] < applied[-1][0]:
            self._intend(step, Verb.REVERT, progress.turned_why, {})
        try:
            sure(self.journal, step)
            seen = step.revert(self._context(step, Verb.REVERT))
        except (Unreachable, Lapsed) as silent:
            return self._lost(step, silent)
        except (Refused, Overtaken, BadInput) as no:
            seen = Seen(State.BLOCKED, str(no))
        if seen.state is State.DONE:
            self.journal.append(Kind.REVERTED, step.name, seen.why, dict(seen.figures))
            return Tick.MOVED
        if seen.state is State.FAILED:
            self._turn(Direction.FORWARD, "", f"{step.name}: {seen.why}")
            return Tick.MOVED
        return self._found(step, seen)

    def _lost(self, step: Step, silent: Unreachable | Lapsed) -> Tick:
        if not step.lasts or isinstance(silent, Lapsed):
            return self._wait(step, str(silent))
        figures = {"state": State.WAITING, "may_arrive_s": step.lasts}
        self.journal.append(Kind.FOUND, step.name, str(silent), figures)
        return Tick.WAITING

    def _wait(self, step: Step, why: str) -> Tick:
        return self._found(step, Seen(State.WAITING, why))

    def _intend(self, step: Step, verb: Verb, why: str, before: object, *, repair: bool = False) -> None:
        intent = {"verb": verb, "before": before, "opens": step.opens(verb), "repair": repair}
        self.journal.append(Kind.INTENT, step.name, why, intent)

    def _turn(self, direction: Direction, through: str, why: str, asked: int = 0) -> None:
        self.journal.append(Kind.TURNED, why=why, data={"direction": direction, "through": through, "asked": asked})

    def _found(self, step: Step, seen: Seen) -> Tick:
        """Write down what was seen, and say what it makes of the tick; what only repeats itself is written every few seconds."""
        last = self.journal.progress.last_found.get(step.name)
        now = self.journal.clock()
        repeated = last is not None and last.data["state"] == seen.state and seen.state is not State.DONE
        if not (repeated and last and (last.why == seen.why or now - last.at < WHY_EVERY)):
            self.journal.append(Kind.FOUND, step.name, seen.why, {"state": seen.state, **seen.figures})
        return COMES_TO[seen.state]

    def _context(self, step: Step, verb: Verb) -> Context:
        journal, progress = self.journal, self.journal.progress
        if journal.lease is None or journal.lease.who != journal.who:
            raise LeaseHeld("another engine", 0, 0, 0)
        intents = progress.intents(step.name, verb)
        return Context(
            now=journal.clock(),
            entered=progress.entered.get(step.name, journal.clock()),
            turn=intents[-1][0] if intents else 0,
            done=step.name in progress.done_at,
            before=progress.before.get(step.name, {}),
            history=progress,
            sure=partial(sure, journal, step),
        )
