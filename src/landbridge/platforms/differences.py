"""How regions of a platform differ: one table, made from what each region answers and from what the templates ask."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from landbridge.platforms.pages import table

PAGE = "regions.md"
HEAD = """\
# How the regions differ

Every template is the same in every region. What differs is answered by parameters, and comes from the context in `cdk.json`;
this page is made from it by `landbridge synth`. A region that has no such stack has no value.
"""
Answers = Mapping[str, Mapping[str, Mapping[str, Any]]]


def write(templates: Path, folder: Path) -> Path:
    """Writes the page of a platform's regions."""
    answers = {
        path.name.partition(".")[0]: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(templates.glob("*.parameters.json"))
    }
    asked = {(stack, name) for each in answers.values() for stack, values in each.items() for name in values}
    ordered = sorted(asked)
    differing = [each for each in ordered if len({str(_value(answers[region], *each)) for region in answers}) > 1]
    alike = [each for each in ordered if each not in differing]
    lines = [HEAD, *_rows(templates, answers, differing), "## The same in all of them\n", *_rows(templates, answers, alike)]
    page = folder / PAGE
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return page


def _rows(templates: Path, answers: Answers, which: list[tuple[str, str]]) -> Iterator[str]:
    rows = []
    for stack, name in which:
        template = json.loads((templates / f"{stack}.template.json").read_text(encoding="utf-8"))
        values = (str(_value(answers[region], stack, name)) for region in answers)
        rows.append((f"`{stack}.{name}`", template["Parameters"][name]["Description"], *values))
    yield from table(("parameter", "what it is", *answers), rows)


def _value(answers: Mapping[str, Mapping[str, Any]], stack: str, name: str) -> Any:
    return answers.get(stack, {}).get(name, "-")
