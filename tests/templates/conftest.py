"""One synth a session; the committed templates as plain data."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

COMMITTED = Path(__file__).parents[2] / "templates"
CODE = "import sys, pathlib; from landbridge.platforms.synth import synthesize; synthesize(pathlib.Path(sys.argv[1]))"
Template = Mapping[str, Any]


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder just synthesized, in a process of its own so that CDK's Node ends with it."""
    folder = tmp_path_factory.mktemp("synth")
    subprocess.run([sys.executable, "-c", CODE, str(folder)], check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="session")
def templates() -> dict[str, Template]:
    """Every committed template of the trading platform, by the name of its stack."""
    return committed("trading")


def committed(platform: str) -> dict[str, Template]:
    """A platform's committed templates, by the name of their stack."""
    paths = sorted((COMMITTED / platform).glob("*.template.json"))
    return {path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8")) for path in paths}
