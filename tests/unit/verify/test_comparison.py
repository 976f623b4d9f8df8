"""What every store's comparison shares: it is told while it works, taken up again or not, and kept for others."""

from pathlib import Path
from random import Random

from tests.fakes import Clock
from tests.unit.verify.tables_world import TablesWorld
from tests.unit.verify.test_tables import ITEMS, comparison, full

from landbridge.verify.port import Progress
from landbridge.verify.results import ResultFiles


def world() -> TablesWorld:
    """Two equal copies."""
    made = TablesWorld(Random(1))
    for number in range(ITEMS):
        made.both(full(number))
    return made


def test_progress_is_told_with_every_chunk() -> None:
    """How much was compared only grows, and nothing is whole before the end."""
    told: list[Progress] = []
    copies = world()
    made = comparison(copies)
    made.say = told.append
    made.compare()
    assert len(told) == copies.source.pages + copies.target.pages
    assert all(each.store == "state" and each.coverage < 1 for each in told)
    assert max(each.compared for each in told) == ITEMS


def test_a_killed_comparison_is_thrown_away_when_it_is_asked_to(tmp_path: Path) -> None:
    """Every page is read again."""
    copies = world()
    copies.target.fails_at = 4
    made = comparison(copies, tmp_path / "work", segments=1)
    assert not made.compare().whole
    read, made.resume = copies.source.pages, False
    assert made.compare().whole
    assert copies.source.pages == read + ITEMS // 5 + 1


def test_a_result_outlives_the_process_where_there_is_a_place_for_it(tmp_path: Path) -> None:
    """Whoever asks next finds it."""
    made = comparison(world())
    made.results = ResultFiles(tmp_path)
    result = made.compare()
    other = comparison(world())
    other.results = ResultFiles(tmp_path)
    assert (other.newest(), result.began) == (result, Clock().now)
