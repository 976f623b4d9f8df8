"""How long nobody has led a run that is open."""

from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.step import Seen, State
from landbridge.orchestrator.watch import silence


def silent(bench: Bench) -> float:
    """As the watch reads it, newest first."""
    return silence(bench.store.kept[::-1], bench.clock())


def test_a_chain_without_a_run_is_not_silent() -> None:
    """There is nobody to miss."""
    assert silent(Bench(row())) == 0.0


def test_an_open_run_is_as_silent_as_its_engines_newest_record_is_old() -> None:
    """What operators decide meanwhile is no sign of an engine."""
    bench = Bench(row(("one", [Toy("a", sees=Seen(State.WAITING, "not yet"))])))
    bench.run()
    bench.clock.sleep(400)
    bench.ask("pause")
    assert silent(bench) == 400.0


def test_a_run_that_has_ended_is_not_silent() -> None:
    """However long ago, and although its lease was given back after it."""
    bench = Bench(row(("one", [Toy("a")])))
    bench.run()
    bench.engine.journal.release()
    bench.clock.sleep(400)
    assert silent(bench) == 0.0


def test_leases_alone_are_an_engine_that_waits() -> None:
    """An engine that is paused for days writes nothing else."""
    bench = Bench(row(("one", [Toy("a", sees=Seen(State.WAITING, "not yet"))])))
    bench.run()
    bench.engine.journal.release()
    leases = [record for record in bench.store.kept if record.kind == "lease"]
    bench.clock.sleep(60)
    assert silence(leases[::-1], bench.clock()) == 60.0
