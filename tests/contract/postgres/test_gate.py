"""The step that proves the database's copy looks at real comparisons of real servers; only a whole and fresh one counts."""

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders import trading
from tests.contract.postgres.servers import Twins

from landbridge.aws.clients import Clients
from landbridge.config.verify import Database, Verify
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.progress import Progress
from landbridge.migrate.step import Context, Seen, State
from landbridge.migrate.steps.verify_store import VerifyStore

ROOT = Path(__file__).parents[3]


def context(later: float = 0) -> Context:
    """Of a run in which nothing was done yet."""
    now = time.time() + later
    return Context(now=now, entered=now, turn=1, done=False, before={}, history=Progress(), sure=lambda: None)


@dataclass
class Gate:
    """The step of a migration that is put together as the product does it."""

    twins: Twins

    def migration(self, **settings: object) -> Migration:
        """Its gates look into the folder where the twins' comparisons are kept."""
        spec = Database(source=self.twins.source, target=self.twins.target, settle_seconds=0, **settings)  # type: ignore[arg-type]
        config = trading().model_copy(update={"verify": Verify(database=spec)})
        return Migration(Clients(), config, ROOT / "templates", time.time, time.sleep, kept=self.twins.folder)

    def step(self, **settings: object) -> VerifyStore:
        """As it stands in the plan."""
        (found,) = (each for each in self.migration(**settings).plan().steps() if each.name == "verify_store.database")
        assert isinstance(found, VerifyStore)
        return found

    def look(self, step: VerifyStore, later: float = 0) -> Seen:
        """Now, or so much later."""
        return step.check(context(later))


@pytest.fixture(name="gate")
def _gate(twins: Twins) -> Gate:
    """Some accounts, the same on both sides."""
    twins.both("CREATE TABLE a (id int PRIMARY KEY, v int)", "INSERT INTO a SELECT g, g FROM generate_series(1, 500) g")
    return Gate(twins)


def test_a_whole_comparison_opens_the_gate(gate: Gate) -> None:
    """None yet: it compares by itself; then its figures are the evidence."""
    step = gate.step()
    assert gate.look(step).state is State.READY
    step.apply(context())
    seen = gate.look(step)
    assert (seen.state, seen.figures["compared"], seen.figures["differences"]) == (State.DONE, 500, 0)


def test_a_comparison_by_the_verb_is_evidence_too(gate: Gate) -> None:
    """Whoever made it, in the folder where gates look."""
    gate.migration().whole.verifiers["database"].compare()
    assert gate.look(gate.step()).state is State.DONE


def test_a_stale_comparison_is_refused(gate: Gate) -> None:
    """What expired says nothing of now."""
    step = gate.step()
    step.apply(context())
    seen = gate.look(step, later=step.expires.total_seconds() + 60)
    assert (seen.state, seen.why) == (State.READY, "the comparison of database is out of date")


def test_a_partial_comparison_is_refused(gate: Gate) -> None:
    """A side that went away: the sentence stands in the journal."""
    step = gate.step()
    gate.twins.servers[1].leave("two")
    gate.twins.servers[1].does("postgres", "ALTER DATABASE two ALLOW_CONNECTIONS false")
    step.apply(context())
    gate.twins.servers[1].does("postgres", "ALTER DATABASE two ALLOW_CONNECTIONS true")
    seen = gate.look(step)
    assert seen.state is State.READY
    assert "the comparison of database is not whole: the target's database: gave no answer" in seen.why


def test_a_difference_holds_the_migration(gate: Gate) -> None:
    """Named by its key; doubt is a person's to settle."""
    gate.twins.at_target("UPDATE a SET v = 0 WHERE id = 7")
    step = gate.step()
    step.apply(context())
    seen = gate.look(step)
    assert (seen.state, seen.why) == (State.BLOCKED, "1 keys differ: database public.a 7: changed at the target")


def test_a_comparison_of_other_tables_or_the_other_way_is_none(gate: Gate) -> None:
    """It never saw what this gate asks about."""
    gate.step(tables=("public.a",)).apply(context())
    assert gate.look(gate.step(tables=("public.a",))).state is State.DONE
    assert gate.look(gate.step()).state is State.READY
    back = replace(gate.migration(tables=("public.a",)), back=True).whole.verifiers["database"]
    assert VerifyStore("database", back, timedelta(days=1)).check(context()).state is State.READY
