"""Least privilege in the payments platform: what each role may do is what its code calls and what is allowed by hand (RU-5)."""

from collections.abc import Mapping
from typing import Any

from tests.templates.payments.conftest import FOLDER
from tests.templates.test_roles import hold, test_every_action_there_is_is_known

__all__ = ["test_every_action_there_is_is_known"]


def test_ru_5_each_role_may_do_what_its_code_calls_and_what_is_allowed_by_hand(templates: Mapping[str, Any]) -> None:
    """Functions, the service's tasks, and what AWS does by a role: nothing more, nothing less."""
    hold(templates, FOLDER)
