"""The checks on the payments platform have teeth: every planted defect is seen by the check named beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.templates.payments.planted import DEFECTS
from tests.templates.planted import HEAD, Defect, page

PAGE = Path(__file__).parents[3] / "docs" / "payments-planted-defects.md"
OWN = HEAD.replace("# Planted defects", "# Planted defects of payments").replace(
    "tests/templates/test_planted", "tests/templates/payments/test_planted"
)
WRITTEN = OWN.replace("tests.templates.test_planted", "tests.templates.payments.test_planted")


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: f"{each.stack}: {each.what}")
def test_every_planted_defect_is_seen(templates: Mapping[str, Any], defect: Defect) -> None:
    """The named check fails on the broken copy, and passes on the whole one."""
    defect.seen_by(templates, *defect.asked)
    broken = defect.planted(templates)
    with pytest.raises((AssertionError, LookupError, ValueError)):
        defect.seen_by(broken, *defect.asked)


def test_every_stack_has_one_and_there_are_enough(templates: Mapping[str, Any]) -> None:
    """Forty at least, each said once."""
    assert {defect.stack for defect in DEFECTS} == set(templates)
    assert len({(defect.stack, defect.what) for defect in DEFECTS}) == len(DEFECTS) >= 40


def test_the_page_of_planted_defects_is_not_stale() -> None:
    """Made from the same list, byte for byte."""
    assert PAGE.read_text(encoding="utf-8") == page(DEFECTS, WRITTEN)


if __name__ == "__main__":
    PAGE.write_text(page(DEFECTS, WRITTEN), encoding="utf-8")
