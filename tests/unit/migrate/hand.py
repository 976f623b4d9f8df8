"""One step driven as the engine drives it, one call at a time, with every intent and finding in a real journal."""

from dataclasses import dataclass, field

from tests.builders import FakeWorld
from tests.fakes import FakeJournalStore

from landbridge.migrate.engine import Engine
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Context, Seen, State, Step, Verb

LOOKS = 50


@dataclass
class Hand:
    """Checks, applies and reverts steps over a world; what the engine would write down is written down."""

    world: FakeWorld
    store: FakeJournalStore = field(default_factory=FakeJournalStore)
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.store, "hand", self.world.clock, lease_seconds=60, skew_bound=2)
        self.journal.hold_lease()

    def begin(self) -> None:
        """Another run on the same chain."""
        number = str(len(self.journal.records))
        self.journal.append(Kind.PLAN, data={"name": number, "hash": number, "steps": [], "starter": "ada"})

    def context(self, step: Step, verb: Verb = Verb.APPLY) -> Context:
        """What the engine would hand to the step."""
        self.journal.hold_lease()
        return self._engine(step)._context(step, verb)

    def check(self, step: Step) -> Seen:
        """One look, written down."""
        seen = step.check(self.context(step))
        self._engine(step)._found(step, seen)
        return seen

    def intend(self, step: Step, verb: Verb = Verb.APPLY) -> None:
        """An intent alone: the engine died before the act."""
        self.context(step, verb)
        before = self.journal.progress.before.get(step.name) or step.before()
        self._engine(step)._intend(step, verb, "", before)

    def apply(self, step: Step) -> None:
        """Intent, then act."""
        self.intend(step)
        step.apply(self.context(step))

    def revert(self, step: Step) -> Seen:
        """Act under the newest intent to revert; being back is written down."""
        seen = step.revert(self.context(step, Verb.REVERT))
        if seen.state is State.DONE:
            self.journal.append(Kind.REVERTED, step.name, seen.why)
        return seen

    def forward(self, step: Step) -> list[State]:
        """Everything a look says on the way to done, or to where nothing goes on by itself."""
        trace: list[State] = []
        while len(trace) < LOOKS:
            trace.append(self.check(step).state)
            if trace[-1] is State.READY:
                self.apply(step)
            elif trace[-1] is State.WAITING:
                self.world.settle()
            else:
                return trace
        raise AssertionError(f"{step.name} never settles: {trace}")

    def back(self, step: Step) -> list[State]:
        """Everything revert says on the way back."""
        self.intend(step, Verb.REVERT)
        trace: list[State] = []
        while len(trace) < LOOKS:
            trace.append(self.revert(step).state)
            if trace[-1] is not State.WAITING:
                return trace
            self.world.settle()
        raise AssertionError(f"{step.name} never comes back: {trace}")

    def _engine(self, step: Step) -> Engine:
        return Engine(Plan("by hand", (Phase("only", (step,)),)), self.journal)
