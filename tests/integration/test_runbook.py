"""The runbook's commands, as they stand on its pages, in a world that a rehearsal keeps up after a finished move."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from landbridge.platforms.trading import operator
from tests.integration import noted as calls
from tests.integration.rehearsals import FEEDS, QUICK_WORLD, ROOT, Rehearsal, leftovers
from tests.unit.house.runbook import BOOK, commands

STORY = ("index", "looking", "leading", "stacks", "emergency")
FOLDER, MARK = "runs/mine", "-- exit code"
BEGINS = "landbridge rehearse --hold --run-dir runs/mine"  # on a page, and done by the fixture
SUFFIX = "prod"  # of config/trading.toml
BESIDES = {(service, name) for each in operator.CALLS["besides"] for service, names in each["calls"].items() for name in names}
LONGER = "bake_seconds = 6"  # time for an operator to say something in the midst of a shift
LIMIT_SECONDS = 400
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where every verb, and every engine, notes the calls it makes."""
    place = tmp_path_factory.mktemp("noted") / "calls.jsonl"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LANDBRIDGE_NOTED", str(place))
        environment.setenv("PYTHONPATH", str(ROOT / "tests/integration/noting"), prepend=os.pathsep)
        yield place


@pytest.fixture(scope="module")
def held(noted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The run folder of a world that is kept up; stopped as an operator stops it, it leaves nothing but what it wrote."""
    place = tmp_path_factory.mktemp("runbook")
    world, folder = place / "world.toml", place / "run"
    world.write_text(QUICK_WORLD.read_text(encoding="utf-8").replace("bake_seconds = 3", LONGER) + FEEDS, encoding="utf-8")
    rehearsal = Rehearsal.start(folder, "--hold", "--ticks", "10", world=world)
    try:
        rehearsal.until("the world stays up")
        assert "As it should be" in rehearsal.said()
        yield folder
    finally:
        code = rehearsal.interrupt()
    assert code == 0, rehearsal.said()
    assert not set(leftovers(folder)) - {f"folder {folder / 'verify'}"}  # comparisons, made by hand


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The AWS CLI as it is published, in an environment of its own."""
    place = tmp_path_factory.mktemp("awscli")
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, timeout=LIMIT_SECONDS)
    subprocess.run([*pip, "-r", str(ROOT / "requirements" / "awscli.txt")], check=True, timeout=LIMIT_SECONDS)
    return place / "bin" / "aws"


def told(page: str, folder: Path, **programs: str) -> str:
    """What the commands of a page print, one after the other; each must end as the page says."""
    asked = [(command, expected) for command, expected in commands(BOOK / f"{page}.md") if command != BEGINS]
    assert asked, page
    named = [f'{name}() {{ {program} "$@"; }}' for name, program in programs.items()]
    lines = [f"{command.replace(FOLDER, str(folder))}\necho '{MARK}' $?" for command, _ in asked]
    ran = subprocess.run(
        ["bash", "-c", "\n".join(["exec 2>&1", *named, *lines])],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    codes = [int(line.rpartition(" ")[2]) for line in ran.stdout.splitlines() if line.startswith(MARK)]
    assert list(zip(asked, codes, strict=False)) == [(each, each[1]) for each in asked], ran.stdout
    return ran.stdout


@pytest.fixture(scope="module")
def story(held: Path) -> str:
    """What the pages' commands print, in the order of the pages: what one leaves is what the next one finds."""
    landbridge = shlex.join([sys.executable, "-m", "landbridge.cli"])
    return "".join(told(page, held, landbridge=landbridge) for page in STORY)


def test_every_command_does_what_its_page_says(story: str) -> None:
    """There and back by the book; and none of them met a defect."""
    assert "a defect of landbridge itself" not in story


def test_the_plain_aws_cli_looks_in(held: Path, aws: Path) -> None:
    """Stacks, a table, a stream's record, a weight: with no tool of ours."""
    seen = told("aws-cli", held, aws=str(aws))
    for sign in ("CREATE_COMPLETE", '"Items": [', '"SequenceNumber": ', "us-east-1\t10"):
        assert sign in seen, seen


def test_the_operators_policy_allows_every_call_that_was_made(story: str, noted: Path) -> None:
    """By the move there and back, and by each verb of the runbook, on the names they were made for."""
    assert story
    assert not calls.refused(noted, operator.document(operator.called()), SUFFIX)


def test_what_is_listed_as_seen_was_seen(story: str, noted: Path) -> None:
    """And what was not seen has a reason to be allowed."""
    assert story
    listed = {(service, name) for service, names in operator.CALLS["seen"].items() for name in names}
    made = {(service, name) for service, name, _ in calls.calls(noted)}
    assert (sorted(made - listed - BESIDES), sorted(listed - made)) == ([], [])
