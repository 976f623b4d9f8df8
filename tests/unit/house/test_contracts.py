"""The import rules hold, and each of them is noticed when it is broken."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.unit.house.places import ROOT


@dataclass(frozen=True)
class Breach:
    """One forbidden import, and the contract that must name it."""

    room: str
    line: str
    contract: str


BREACHES = [
    Breach("model", "import landbridge.config.spec", "Imports run downward only"),
    Breach("agents", "import landbridge.workloads", "Imports run downward only"),
    Breach("orchestrator", "import landbridge.cli", "Imports run downward only"),
    Breach("deploy", "import aws_cdk", "Only the platforms know CDK"),
    Breach("cli", "import constructs", "Only the platforms know CDK"),
    Breach("agents", "import pydantic", "What runs in Lambda imports the model and boto3, nothing heavier"),
    Breach("orchestrator", "import landbridge.rehearse", "Nothing that ships to the cloud imports the rehearsal"),
]


def lint(copy: Path) -> subprocess.CompletedProcess[str]:
    """Runs the import rules over a copy of the house."""
    linter = Path(sys.executable).parent / "lint-imports"
    seen = {**os.environ, "PYTHONPATH": str(copy / "src")}
    return subprocess.run([linter, "--no-cache", "--no-logo"], cwd=copy, env=seen, capture_output=True, text=True, check=False)


@pytest.fixture(name="copy")
def _copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    """No room imports upward, sideways, or what is not for it."""
    said = lint(copy)
    assert said.returncode == 0, said.stdout
    assert "0 broken" in said.stdout


@pytest.mark.parametrize("breach", BREACHES, ids=lambda b: f"{b.room}: {b.line}")
def test_a_forbidden_import_is_named(copy: Path, breach: Breach) -> None:
    """One wrong import fails the check under its contract's own name."""
    (copy / "src/landbridge" / breach.room / "breach.py").write_text(f'"""Wrong."""\n\n{breach.line}\n')
    said = lint(copy)
    assert said.returncode != 0
    assert f"{breach.contract} BROKEN" in said.stdout


def test_a_room_without_a_place_in_the_order_is_refused(copy: Path) -> None:
    """A new package must be given its layer before it may stand."""
    (copy / "src/landbridge/surprise").mkdir()
    (copy / "src/landbridge/surprise/__init__.py").write_text('"""Nobody said where this belongs."""\n')
    said = lint(copy)
    assert said.returncode != 0
    assert "surprise" in said.stdout
