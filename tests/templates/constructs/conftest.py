"""The templates of a platform that is neither of ours, synthesized once."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

Templates = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """By the name of their stack."""
    out = tmp_path_factory.mktemp("shop")
    program = [sys.executable, str(Path(__file__).with_name("app.py")), str(out)]
    seen = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=120, env=seen)
    assert done.returncode == 0, done.stderr[-2000:]
    made = sorted(out.glob("*.template.json"))
    return {path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8")) for path in made}
