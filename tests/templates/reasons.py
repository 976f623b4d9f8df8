"""What is written down of rules a template does not follow: which, where and why."""

import tomllib
from pathlib import Path

from tests.templates.conftest import COMMITTED

CONTROL_TOWER = "CT."


def acknowledged(*, of_control_tower: bool, folder: Path = COMMITTED) -> set[tuple[str, str]]:
    """Each rule with each place, of Control Tower's or of the packs'; refuses one without a sentence of why."""
    written = tomllib.loads((folder / "acknowledged.toml").read_text(encoding="utf-8"))["acknowledged"]
    assert all(len(each["reason"]) > 30 for each in written)
    said = {(rule, where) for each in written for rule in each["rules"] for where in each["at"]}
    return {(rule, where) for rule, where in said if rule.startswith(CONTROL_TOWER) == of_control_tower}
