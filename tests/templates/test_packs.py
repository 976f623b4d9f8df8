"""The rule packs find nothing that has no written reason (RU-11)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.templates.conftest import COMMITTED
from tests.templates.reasons import acknowledged


@pytest.mark.parametrize(("platform", "reasons"), [("trading", COMMITTED), ("payments", COMMITTED / "payments")])
def test_ru_11_what_the_packs_find_is_acknowledged_with_a_reason(platform: str, reasons: Path) -> None:
    """AwsSolutions, NIST 800-53 and PCI DSS; each rule where it is not followed, and not one more."""
    seen = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, str(Path(__file__).parent / "packs.py"), str(COMMITTED / platform)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False, env=seen)
    assert done.returncode == 0, done.stderr[-2000:]
    found = {(rule, where) for rule, where in json.loads(done.stdout.splitlines()[-1])}
    assert found == acknowledged(of_control_tower=False, folder=reasons)
