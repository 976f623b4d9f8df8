"""The app that cdk runs: it takes cdk.json as it is, and refuses what can't be used before it makes anything."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.templates.payments.conftest import CONTEXT

from landbridge.config.load import load_context
from landbridge.config.payments import Payments
from landbridge.model.errors import BadInput


def _run(out: Path, context: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """As cdk starts what cdk.json names: the context and the folder come by the environment."""
    told = json.loads(CONTEXT.read_text(encoding="utf-8"))
    asked = {**os.environ, "CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps({**told["context"], **context})}
    command = [sys.executable, *told["app"].split()[1:]]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, env=asked)


@pytest.mark.slow
def test_py_1_the_app_makes_every_region_of_the_context(tmp_path: Path) -> None:
    """One assembly each, without a word."""
    done = _run(tmp_path, {"suffix": "blue"})
    assert (done.returncode, done.stderr) == (0, "")
    assert {each.name for each in tmp_path.glob("assembly-*")} == {"assembly-us-east-1", "assembly-us-east-2"}


@pytest.mark.slow
def test_py_1_without_a_suffix_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    """In one sentence, with the way out."""
    done = _run(tmp_path, {})
    assert done.returncode == 1
    assert done.stderr == "--context suffix: is missing; name the environment's suffix, like --context suffix=blue\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "FILE: there is no such file; run from the project's folder, or name the file you mean"),
        ("{", "FILE: holds no context of payments (JSONDecodeError: "),
        ("{}", "FILE: holds no context of payments (KeyError: 'context'); correct it"),
        ('{"context": {"payments": {}}}', "FILE: payments.environment: is missing; add it: 2 to 8 lower-case letters and digits"),
    ],
)
def test_a_file_without_a_context_is_refused_in_a_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    """Where, what and the way out."""
    path = tmp_path / "cdk.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as told:
        load_context(path, "payments", Payments)
    assert str(told.value).replace(str(path), "FILE").startswith(sentence)
