"""Planted defects: a copy of the templates with one thing wrong in one of them, and the check that must see it."""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.platforms.pages import table

Change = Callable[[dict[str, Any]], None]
Check = Callable[..., None]
PARTS = {"Conditions", "Mappings", "Metadata", "Outputs", "Parameters", "Resources"}
HEAD = """\
# Planted defects

What the checks on the templates are worth: each row is one thing put wrong in a copy of one committed template, and the check
that then fails. The copies are made and checked on every run of the tests (`tests/templates/test_planted.py`), and this page is
made from the same list: `python -m tests.templates.test_planted` writes it anew.
"""


@dataclass(frozen=True)
class Defect:
    """One thing wrong in one stack, the check that must fail, and what that check is asked besides."""

    stack: str
    what: str
    how: Change
    seen_by: Check
    asked: tuple[Any, ...] = ()

    def planted(self, templates: Mapping[str, Any]) -> dict[str, Any]:
        """Every template, this stack's with the defect; refuses a defect that changes nothing."""
        broken = dict(templates)
        broken[self.stack] = copy.deepcopy(templates[self.stack])
        self.how(broken[self.stack])
        assert broken != templates, self.what
        return broken


def put(path: str, value: Any) -> Change:
    """Sets what a path leads to; a path begins with a part of the template, or with a resource and goes into its properties."""

    def change(template: dict[str, Any]) -> None:
        holder, last = _led(template, path)
        holder[last] = value

    return change


def drop(path: str) -> Change:
    """Takes away what a path leads to, and refuses one that leads to nothing."""

    def change(template: dict[str, Any]) -> None:
        holder, last = _led(template, path)
        del holder[last]

    return change


def add(path: str, value: Any) -> Change:
    """Adds to the list a path leads to."""

    def change(template: dict[str, Any]) -> None:
        holder, last = _led(template, path)
        holder[last].append(value)

    return change


def _led(template: dict[str, Any], path: str) -> tuple[Any, Any]:
    first, *rest = path.split("/")
    *ways, last = [first, *rest] if first in PARTS else ["Resources", first, "Properties", *rest]
    at: Any = template
    for way in ways:
        at = at[int(way) if isinstance(at, list) else way]
    return at, int(last) if isinstance(at, list) else last


def page(defects: Iterable[Defect], head: str = HEAD) -> str:
    """All of them as a page, by stack."""
    ordered = sorted(defects, key=lambda each: (each.stack, each.what))
    rows = [(f"`{each.stack}`", each.what, f"`{each.seen_by.__name__}`") for each in ordered]
    lines = table(("stack", "what is wrong", "the check that fails"), rows)
    return "\n".join([head, f"{len(rows)} defects, {len({row[2] for row in rows})} checks.\n", *lines]).rstrip() + "\n"
