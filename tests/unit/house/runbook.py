"""The runbook as data: which entries its pages have, what each says it comes from, and the commands in it."""

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from tests.unit.house.places import ROOT
from typer.main import get_group

from landbridge.cli.main import app

BOOK = ROOT / "docs" / "runbook"
VERB_PAGES = ("looking", "leading", "emergency", "stacks")
OTHER_PAGES = ("index", "alarms", "aws-cli")  # pages without entries
QUESTIONS = ("You see", "It means", "Do", "Never", "Over when")
COMMANDS = re.compile(r"^ *```console\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
EXPECTED = re.compile(r"# exit code (\d+)$")
NOT_STEPS = {"__init__", "budget"}
BEFORE, AFTER = "trading-analytics-", "-${EnvironmentSuffix}"  # of an alarm's name


@dataclass(frozen=True, slots=True)
class Entry:
    """A section about one thing."""

    page: str
    name: str
    text: str

    @property
    def said(self) -> str:
        """What it quotes of its thing's own words; empty = nothing."""
        return "\n".join(line.removeprefix("> ") for line in self.text.splitlines() if line.startswith("> "))

    @property
    def answered(self) -> tuple[str, ...]:
        """Which questions it answers, in its order."""
        return tuple(re.findall(r"^- \*\*([^*]+)\*\*:\s+\S", self.text, re.MULTILINE))


def entries() -> list[Entry]:
    """All of them."""
    found = []
    for path in sorted(BOOK.glob("*.md")):
        if path.stem not in OTHER_PAGES:
            for section in path.read_text(encoding="utf-8").split("\n## ")[1:]:
                name, _, text = section.partition("\n")
                found.append(Entry(path.stem, name, text))
    return found


def on_verbs() -> list[Entry]:
    """Those about verbs."""
    return [entry for entry in entries() if entry.page in VERB_PAGES]


def on_faults() -> list[Entry]:
    """Those about what goes wrong."""
    return [entry for entry in entries() if entry.page.startswith("faults-")]


def on_steps() -> list[Entry]:
    """Those about steps."""
    return [entry for entry in entries() if entry not in [*on_verbs(), *on_faults()]]


def steps() -> dict[str, str]:
    """The promise of each step, as its module begins."""
    paths = sorted((ROOT / "src/landbridge/migrate/steps").glob("*.py"))
    return {path.stem: _promise(path) for path in paths if path.stem not in NOT_STEPS}


def verbs() -> dict[str, str]:
    """The help of each verb."""
    return {name: (command.help or "").strip() for name, command in get_group(app).commands.items()}


def faults() -> dict[str, str]:
    """The promise of each fault that can be rehearsed."""
    paths = sorted((ROOT / "config/faults").glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["promise"] for path in paths}


def alarms() -> set[str]:
    """The trading platform's alarms, by what is their own of their names."""
    found = set()
    for path in (ROOT / "templates/trading").glob("*.json"):
        made = json.loads(path.read_text(encoding="utf-8"))["Resources"].values()
        names = [each["Properties"]["AlarmName"]["Fn::Sub"] for each in made if each["Type"].endswith("Alarm")]
        found |= {name.removeprefix(BEFORE).removesuffix(AFTER) for name in names}
    return found


def commands(page: Path) -> Iterator[tuple[str, int]]:
    """Each command of a page, and the exit code it should have."""
    for block in COMMANDS.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.strip().startswith("$ "):
                command = line.strip().removeprefix("$ ")
                expected = EXPECTED.search(command)
                yield command, int(expected[1]) if expected else 0


def in_passing(page: Path) -> list[str]:
    """Commands in the midst of a sentence, with more than a verb: `landbridge approve RUN seize`."""
    return re.findall(r"`(landbridge [a-z]+ [^`\n]+)`", page.read_text(encoding="utf-8"))


def of_landbridge(command: str) -> Iterator[list[str]]:
    """The words after each `landbridge` of a shell's line, up to what the shell makes of the rest."""
    words = shlex.split(command, comments=True)
    for place, word in enumerate(words):
        if word == "landbridge":
            yield list(takewhile(lambda each: each not in {"&", "|", ";"}, words[place + 1 :]))


def parsed(group: Any, words: list[str]) -> None:
    """Read as the command line reads it, and not run; raises what it would say no with."""
    context = group.make_context("landbridge", list(words), resilient_parsing=False)
    name, verb, rest = group.resolve_command(context, list(words))
    with verb.make_context(name, rest, parent=context) as inner:
        if nested := getattr(verb, "commands", None):
            assert rest[0] in nested
            nested[rest[0]].make_context(rest[0], rest[1:], parent=inner)


def quotes(words: Mapping[str, str]) -> str:
    """How an entry on what goes wrong quotes the faults that rehearse it."""
    return "\n".join(f"`{name}`: {said}" for name, said in sorted(words.items()))


def _promise(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
