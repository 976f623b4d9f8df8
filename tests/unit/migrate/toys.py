"""Steps that do what a test lays out for them, and an engine over them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes import Clock, FakeJournalStore

from landbridge.migrate.calendar import Calendar
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Context, Moves, Seen, State, Step


@dataclass
class Toy(Step):
    """A switch: ready while off, done while on. What is laid out for a call comes instead."""

    name: str
    pivot: bool = False  # type: ignore[misc]  # a class's word in the product, a case's here
    setting: bool = False  # type: ignore[misc]
    moves: Moves = Moves.NOTHING  # type: ignore[misc]
    lasts: float = 0.0
    on: bool = False
    sees: Seen | None = None
    undoes: Seen | None = None
    raises: Callable[[str], None] = lambda _call: None
    calls: list[str] = field(default_factory=list)
    contexts: list[Context] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"switch {self.name} on"

    def before(self) -> dict[str, bool]:
        """Whether it was on."""
        self.raises("before")
        return {"on": self.on}

    def check(self, context: Context) -> Seen:
        """As laid out, or as it stands."""
        self._note("check", context)
        return self.sees or Seen(State.DONE if self.on else State.READY, f"{self.name} is {'on' if self.on else 'off'}")

    def apply(self, context: Context) -> None:
        """On."""
        self._note("apply", context)
        self.on = True

    def revert(self, context: Context) -> Seen:
        """As it was before."""
        self._note("revert", context)
        if self.undoes:
            return self.undoes
        self.on = context.before["on"]
        return Seen(State.DONE, f"{self.name} is as it was")

    def _note(self, call: str, context: Context) -> None:
        self.calls.append(call)
        self.contexts.append(context)
        self.raises(call)


@dataclass
class Bench:
    """A plan of toys on a chain of its own."""

    phases: tuple[Phase, ...]
    clock: Clock = field(default_factory=Clock)
    store: FakeJournalStore = field(default_factory=FakeJournalStore)
    calendar: Calendar = field(default_factory=Calendar)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = self.another("engine")

    def another(self, who: str, name: str = "toys") -> Engine:
        """An engine of another process."""
        plan = Plan(name, self.phases, self.calendar)
        return Engine(plan, Journal(self.store, who, self.clock, lease_seconds=6, skew_bound=2), starter="ada")

    def ask(self, what: str, step: str = "", who: str = "ben") -> None:
        """An operator decides, in a process of its own."""
        self.another(who).journal.ask(what, "because", step)

    def run(self, engine: Engine | None = None, ticks: int = 100) -> Tick:
        """Ticks as long as something moves."""
        for _ in range(ticks):
            tick = (engine or self.engine).advance()
            if tick is not Tick.MOVED:
                return tick
        raise AssertionError("it moves for ever")

    def told(self, *kinds: Kind) -> list[str]:
        """The chain as one reads it: kind and step of the records of these kinds, leases aside."""
        wanted = set(kinds or Kind) - {Kind.LEASE}
        return [f"{record.kind} {record.step}".strip() for record in self.store.kept if record.kind in wanted]

    def whys(self, kind: Kind) -> list[str]:
        """Why each record of a kind was written."""
        return [record.why for record in self.store.kept if record.kind is kind]


def row(*phases: tuple[str, list[Toy]], **approvals: int) -> tuple[Phase, ...]:
    """Phases of toys, some of which need approvals."""
    return tuple(Phase(name, tuple(toys), approvals.get(name, 0)) for name, toys in phases)
