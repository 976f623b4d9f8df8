"""Two engines and an operator append in any interleaving, over a store that loses puts and answers: one linear chain."""

from collections import deque
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.fakes import Clock, FakeJournalStore, Fate

from landbridge.migrate.journal import Journal
from landbridge.migrate.record import FIRST_PREVIOUS, Kind, Record
from landbridge.model.errors import LeaseHeld, Unreachable

LEASE, SKEW = 6.0, 2.0
ENGINES = st.sampled_from(["one", "two"])
FATES = st.lists(st.sampled_from(Fate), max_size=4)


class Chain(RuleBasedStateMachine):
    """What each participant believes to have appended is compared with what is kept."""

    @initialize(skews=st.tuples(st.floats(-SKEW / 2, SKEW / 2), st.floats(-SKEW / 2, SKEW / 2)))
    def begin(self, skews: tuple[float, float]) -> None:
        """Two engines whose clocks differ by no more than the bound."""
        self.clock, self.store = Clock(), FakeJournalStore()
        self.journals = {
            who: Journal(self.store, who, self._clock_of(skew), LEASE, SKEW)
            for who, skew in zip(("one", "two", "operator"), (*skews, 0.0), strict=True)
        }
        self.believed: dict[int, tuple[str, str]] = {}
        self.store.on_kept = self._taken_only_when_free
        self.leased_until: dict[str, float] = {}
        self.renews_by = LEASE

    def _clock_of(self, skew: float) -> Callable[[], float]:
        return lambda: self.clock() + skew

    def _taken_only_when_free(self, record: Record) -> None:
        """Whoever takes a lease takes it when no clock in the world still says it is another's."""
        if record.term:
            others = [until for who, until in self.leased_until.items() if who != record.who]
            if record.why == "taken":
                assert all(self.clock() >= until for until in others), "taken while another one may still act"
            if record.kind is Kind.LEASE:
                self.renews_by = record.data["seconds"]
            self.leased_until[record.who] = record.at + self.renews_by + (self.clock() - self.journals[record.who].clock())

    def _try(self, who: str, fates: list[Fate], act: Callable[[Journal], Record | None]) -> None:
        self.store.fates = deque(fates)
        journal = self.journals[who]
        try:
            added = act(journal)
        except (LeaseHeld, Unreachable):
            return
        finally:
            self.store.fates = deque()
        if added is not None:
            assert self.believed.setdefault(added.number, (who, added.hash)) == (who, added.hash)

    def _tick(self, who: str, fates: list[Fate]) -> None:
        def act(journal: Journal) -> Record:
            journal.refresh()
            journal.hold_lease()
            return journal.append(Kind.FOUND, "a", f"by {who}", {"state": "waiting"})

        self._try(who, fates, act)

    @rule(who=ENGINES, fates=FATES)
    def work(self, who: str, fates: list[Fate]) -> None:
        """A tick: read, have the lease, append."""
        self._tick(who, fates)

    @rule(who=ENGINES, put=st.integers(1, 3))
    def work_at_once(self, who: str, put: int) -> None:
        """Both tick: the other one's whole tick happens just before one put of the first."""
        other, puts = "two" if who == "one" else "one", iter(range(1, 100))

        def meanwhile(record: Record) -> None:
            if record.who == who and next(puts) == put:
                self._tick(other, [])

        self.store.on_put = meanwhile
        self._tick(who, [])
        self.store.on_put = lambda _record: None

    @rule(who=ENGINES, fates=FATES)
    def work_without_looking(self, who: str, fates: list[Fate]) -> None:
        """An engine that froze wakes up in the middle of a tick, with what it knew."""
        self._try(who, fates, lambda journal: journal.append(Kind.FOUND, "b", f"late by {who}", {"state": "waiting"}))

    @rule(who=ENGINES, fates=FATES)
    def release(self, who: str, fates: list[Fate]) -> None:
        """It says it is finished."""
        self._try(who, fates, lambda journal: journal.release())

    @rule(fates=FATES)
    def ask(self, fates: list[Fate]) -> None:
        """A person decides something."""
        self._try("operator", fates, lambda journal: journal.ask("abort", "because"))

    @rule(seconds=st.sampled_from([0.1, 1.0, LEASE / 2 + 0.1, LEASE, LEASE + SKEW, LEASE + 2 * SKEW]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.sleep(seconds)

    @rule()
    def land(self) -> None:
        """What was under way arrives."""
        self.store.land()

    @invariant()
    def the_chain_is_linear(self) -> None:
        """Numbers without a gap, each naming the hash of the one before; a fresh reader accepts it."""
        kept = getattr(self, "store", FakeJournalStore()).kept
        previous = [FIRST_PREVIOUS, *(record.hash for record in kept)]
        assert [(record.number, record.previous) for record in kept] == list(enumerate(previous[:-1], 1))

    @invariant()
    def what_was_believed_is_there(self) -> None:
        """A record somebody believes to have appended stands at its number, with its hash."""
        for number, (who, digest) in getattr(self, "believed", {}).items():
            assert (self.store.kept[number - 1].who, self.store.kept[number - 1].hash) == (who, digest)

    @invariant()
    def terms_grow(self) -> None:
        """A term belongs to one engine, and never comes back."""
        terms = [(record.term, record.who) for record in getattr(self, "store", FakeJournalStore()).kept if record.term]
        assert terms == sorted(terms, key=lambda each: each[0])
        assert len({term for term, _ in terms}) == len(set(terms))


TestChain = Chain.TestCase
TestChain.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
