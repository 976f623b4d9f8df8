"""The runbook has an entry for each step, verb, fault and alarm, in their own words, and none for what is not there."""

import re

import pytest
from tests.unit.house import runbook
from tests.unit.house.runbook import BOOK, QUESTIONS, Entry
from typer.main import get_group

from landbridge.cli.main import app

NOT_YET = "No rehearsal injects this yet."
NAMED = re.compile(r"`([a-z0-9-]+)`")
PAGES = sorted(path.name for path in BOOK.glob("*.md"))


@pytest.mark.parametrize("entry", runbook.entries(), ids=lambda entry: f"{entry.page}.{entry.name}")
def test_every_entry_answers_the_five_questions(entry: Entry) -> None:
    """In one order, so that a reader in a hurry knows where to look."""
    assert entry.answered == QUESTIONS


def test_every_step_has_its_entry_in_its_own_words() -> None:
    """And no entry is of a step that is gone."""
    assert [(entry.name, entry.said) for entry in sorted(runbook.on_steps(), key=lambda entry: entry.name)] == [
        *sorted(runbook.steps().items())
    ]


def test_every_verb_has_its_entry_in_its_own_words() -> None:
    """The help of the command line is the first line."""
    assert {entry.name: entry.said for entry in runbook.on_verbs()} == runbook.verbs()


def test_no_verb_has_two_entries() -> None:
    """One would go stale."""
    names = [entry.name for entry in runbook.on_verbs()]
    assert len(names) == len(set(names))


def test_every_fault_has_its_entry_in_its_own_words() -> None:
    """Each file of config/faults is quoted once, under whatever it shows; an entry that quotes none says so."""
    told = [line for entry in runbook.on_faults() for line in entry.said.splitlines() if line != NOT_YET]
    assert sorted(told) == sorted(runbook.quotes(runbook.faults()).splitlines())


@pytest.mark.parametrize("entry", runbook.on_faults(), ids=lambda entry: entry.name)
def test_an_entry_on_a_fault_says_whether_it_is_rehearsed(entry: Entry) -> None:
    """By quoting what rehearses it, or by saying that nothing does; not both."""
    assert entry.said == NOT_YET or (entry.said and NOT_YET not in entry.said)


def test_every_alarm_has_its_row() -> None:
    """Under its own name, once."""
    rows = [
        line.split("|")[1] for line in (BOOK / "alarms.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    named = [name for row in rows for name in NAMED.findall(row)]
    assert sorted(named) == sorted(runbook.alarms())


@pytest.mark.parametrize("page", [*PAGES, "../migrate-on-aws.md"])
def test_the_command_line_understands_every_command(page: str) -> None:
    """Verbs, options and arguments; what they do is seen where they are run."""
    for command in [*runbook.in_passing(BOOK / page), *(command for command, _ in runbook.commands(BOOK / page))]:
        for words in runbook.of_landbridge(command):
            runbook.parsed(get_group(app), words)


@pytest.mark.parametrize("page", PAGES)
def test_every_anchor_leads_to_an_entry(page: str) -> None:
    """A renamed entry takes those who point at it along."""
    links = re.findall(r"\]\(([\w-]+\.md)?#([\w-]+)\)", (BOOK / page).read_text(encoding="utf-8"))
    known = {(f"{entry.page}.md", entry.name) for entry in runbook.entries()}
    assert not {(to or page, anchor) for to, anchor in links} - known
