"""The checks have teeth: every planted defect is seen by the check named beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.templates import (
    planted_api,
    planted_database,
    planted_market,
    planted_network,
    planted_orchestrator,
    planted_processing,
    planted_replicator,
    planted_rules,
    planted_serving,
    planted_stores,
    planted_watch,
)
from tests.templates.planted import Defect, page

LISTS = (
    planted_api,
    planted_rules,
    planted_stores,
    planted_market,
    planted_database,
    planted_processing,
    planted_replicator,
    planted_network,
    planted_serving,
    planted_watch,
    planted_orchestrator,
)
DEFECTS: tuple[Defect, ...] = tuple(defect for each in LISTS for defect in each.DEFECTS)
PAGE = Path(__file__).parents[2] / "docs" / "planted-defects.md"


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: f"{each.stack}: {each.what}")
def test_every_planted_defect_is_seen(templates: Mapping[str, Any], defect: Defect) -> None:
    """The named check fails on the broken copy; that it passes on the whole one is its own test."""
    broken = defect.planted(templates)
    with pytest.raises((AssertionError, LookupError, ValueError)):
        defect.seen_by(broken, *defect.asked)


def test_no_defect_is_planted_twice_and_there_are_enough() -> None:
    """At least 80, each said once."""
    said = {(defect.stack, defect.what) for defect in DEFECTS}
    assert len(said) == len(DEFECTS) >= 80


def test_every_stack_has_a_planted_defect(templates: Mapping[str, Any]) -> None:
    """A stack without one could be wrong in any way."""
    assert {defect.stack for defect in DEFECTS} == set(templates)


def test_the_page_of_planted_defects_is_not_stale() -> None:
    """Made from the same list, byte for byte."""
    assert PAGE.read_text(encoding="utf-8") == page(DEFECTS)


if __name__ == "__main__":
    PAGE.write_text(page(DEFECTS), encoding="utf-8")
