"""The rule packs find nothing that has no written reason (RU-11)."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.templates.conftest import COMMITTED


def test_ru_11_what_the_packs_find_is_acknowledged_with_a_reason() -> None:
    """AwsSolutions, NIST 800-53 and PCI DSS; each rule where it is not followed, and not one more."""
    seen = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, str(Path(__file__).parent / "packs.py"), str(COMMITTED / "trading")]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False, env=seen)
    assert done.returncode == 0, done.stderr[-2000:]
    written = tomllib.loads((COMMITTED / "acknowledged.toml").read_text(encoding="utf-8"))["acknowledged"]
    acknowledged = {(rule, where) for each in written for rule in each["rules"] for where in each["at"]}
    assert {(rule, where) for rule, where in json.loads(done.stdout.splitlines()[-1])} == acknowledged
    assert all(len(each["reason"]) > 30 for each in written)
