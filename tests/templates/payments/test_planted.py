"""The checks on the payments platform have teeth: every planted defect is seen by the check named beside it."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.templates.payments.planted import DEFECTS
from tests.templates.planted import Defect


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
