"""The documentation names what exists, all of it, and nothing of the machine it was written on."""

import re
from pathlib import Path

import pytest
from tests.unit.house.places import ROOT, pages, written
from tests.unit.house.test_dev import VERBS
from typer.main import get_group

from landbridge.cli.exits import Exit
from landbridge.cli.main import app

REQUIRED = (
    [f"RU-{n}" for n in range(1, 16)]
    + ["TR-0", "TR-1.1", "TR-1.2", *(f"TR-2.{n}" for n in range(1, 6)), *(f"TR-3.{n}" for n in range(1, 5))]
    + ["TR-4.1", "TR-4.2", *(f"TR-5.{n}" for n in range(1, 4)), "TR-6.1", "TR-6.2", *(f"TR-7.{n}" for n in range(1, 6))]
    + [f"SS-{n}" for n in range(1, 9)]
    + [f"PY-{n}" for n in range(11)]
)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
IN_TICKS = re.compile(r"`((?:src|tests|docs|templates|config|bench)/[\w./-]*)`")
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|farm)/\w|/(?:home|Users)/\w+/")
INDEX = re.compile(r"(?<!emit)-index-url[ =]|https?://\S+/simple\b")
PAGES = [page.relative_to(ROOT).as_posix() for page in pages()]


def text(page: str) -> str:
    """What a page says."""
    return (ROOT / page).read_text(encoding="utf-8")


def everything() -> str:
    """All pages, one after the other."""
    return "\n".join(map(text, PAGES))


def verbs() -> set[str]:
    """The verbs of the command line."""
    return set(get_group(app).commands)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    """A page that was moved takes its links along."""
    dead = [link for link in LINK.findall(text(page)) if not (ROOT / page).parent.joinpath(link).exists()]
    assert not dead


@pytest.mark.parametrize("page", PAGES)
def test_every_named_path_exists(page: str) -> None:
    """What a page says is built there, is there."""
    missing = [path for path in IN_TICKS.findall(text(page)) if not (ROOT / path).exists()]
    assert not missing


def test_every_page_is_reached_from_the_index() -> None:
    """No page is an orphan."""
    linked = {(ROOT / "docs" / link).resolve() for link in LINK.findall(text("docs/index.md"))}
    assert {page for page in pages() if "docs" in page.relative_to(ROOT).parts} - linked == {ROOT / "docs/index.md"}


def test_every_requirement_has_its_row() -> None:
    """Each number once, with where it is built and what proves it; 'not yet' is an answer, silence is none."""
    rows = re.findall(r"^\| ((?:RU|TR|SS|PY)-[\d.]+) \| (.+) \| (.+) \| (.+) \|$", text("docs/requirements.md"), re.MULTILINE)
    assert sorted(row[0] for row in rows) == sorted(REQUIRED)


def test_every_verb_is_documented() -> None:
    """`landbridge VERB` and `./dev VERB` stand on some page, and no page names a verb that isn't there."""
    pages_text = everything()
    assert verbs() <= set(re.findall(r"landbridge (\w+)", pages_text))
    assert set(re.findall(r"`(?:\.venv/bin/)?landbridge (\w+)", pages_text)) <= verbs()
    assert {verb for verb in VERBS if f"./dev {verb}" not in pages_text} == set()
    assert set(re.findall(r"\./dev ([a-z]+)", pages_text)) <= VERBS


def test_every_option_of_the_rehearsal_is_documented() -> None:
    """docs/rehearsal.md lists what `rehearse` takes."""
    known = {option for parameter in get_group(app).commands["rehearse"].params for option in parameter.opts}
    assert {option for option in known if f"`{option}" not in text("docs/rehearsal.md")} == set()


def test_every_fault_is_documented() -> None:
    """Each file of config/faults has its row, and each row its file."""
    section = text("docs/rehearsal.md").split("## Faults")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([a-z][a-z-]+)` \|", section, re.MULTILINE))
    assert {path.stem for path in ROOT.glob("config/faults/*.toml")} == named


def test_every_step_is_documented() -> None:
    """Each step of the plans stands in docs/plan.md under its own name."""
    modules = {path.stem for path in ROOT.glob("src/landbridge/migrate/steps/*.py")} - {"__init__", "budget"}
    assert {name for name in modules if f"`{name}" not in text("docs/plan.md")} == set()


def test_every_exit_code_is_documented() -> None:
    """The table and the code agree."""
    rows = re.findall(r"^\| (\d+) \| ([a-z ]+) \|", text("docs/exit-codes.md"), re.MULTILINE)
    assert {(int(code), name.replace(" ", "_").upper()) for code, name in rows} == {(each.value, each.name) for each in Exit}


def test_no_file_names_a_machine_or_an_index() -> None:
    """What was true on one machine has no place in the project."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:90]}"
        for path in written()
        for line in readable(path).splitlines()
        if len(line) < 2000 and (MACHINE.search(line) or INDEX.search(line))
    ]
    assert not found


def readable(path: Path) -> str:
    """A file's text; bytes that are no text are replaced."""
    return path.read_text(encoding="utf-8", errors="replace")
