"""The locks say exactly what is installed, and nothing of where it comes from."""

import re

import pytest
from tests.unit.house.places import ROOT

LOCKS = ("uv", "rehearse", "dev", "payments", "awscli", "engine")


def pins(lock: str) -> dict[str, set[str]]:
    """Each package's versions; more than one where they differ by Python's own."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / f"requirements/{lock}.txt").read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_or_its_hash(lock: str) -> None:
    """No option, no address, no package without a hash."""
    text = (ROOT / f"requirements/{lock}.txt").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        assert re.fullmatch(r"[\w.-]+==[^ ]+( ; [^-]+?)? +(--hash=sha256:[0-9a-f]{64} *)+", line), line


@pytest.mark.parametrize("lock", ["rehearse", "payments", "engine"])
def test_dev_and_the_others_agree(lock: str) -> None:
    """A machine set up for one verb is not set up wrongly for another, and an image holds what was tested."""
    other, dev = pins(lock), pins("dev")
    assert {name: dev.get(name) for name in other} == other
