"""`deploy`, `diff`, `outputs`, `drift` and `destroy` of the payments platform, as an operator runs them."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.contract.payments_stacks.conftest import ROOT
from tests.contract.platform.verbs import Operator

from landbridge.model.region import Region

SOME = tuple(f"--only={name}" for name in ("keys", "credentials", "sessions"))


@pytest.fixture(name="operator")
def _operator(tmp_path: Path, endpoints: Mapping[Region, str]) -> Operator:
    """On a rehearsal's world; with a suffix of their own."""
    (tmp_path / "run.json").write_text(json.dumps({"pid": os.getpid(), "endpoints": {**endpoints}}), encoding="utf-8")
    shipped = (ROOT / "config" / "payments.toml").read_text(encoding="utf-8")
    (tmp_path / "payments.toml").write_text(shipped.replace('"blue"', '"green"'), encoding="utf-8")
    return Operator(tmp_path, "payments")


@pytest.mark.slow
def test_up_told_unchanged_and_down(operator: Operator) -> None:
    """Stacks are called as the platform calls everything; what the file lacks is told; nothing is left, not even the lock."""
    file = ("--config", str(operator.folder / "payments.toml"))
    code, said, complained = operator.runs("deploy", *file, *SOME, "--yes")
    assert (code, complained) == (0, ""), said
    assert "4 stacks stand" in said
    assert "lacks: no image: the service is not deployed" in said
    assert "0 of 4 stacks would change" in operator.runs("diff", *file, *SOME)[1]
    assert "sessions-prod-green" in operator.runs("outputs", *file, *SOME)[1]
    assert operator.runs("drift", *file, *SOME)[0] == 0
    code, _, complained = operator.runs("deploy", *file, "--only=firewall", "--yes")
    assert (code, "BalancerArn comes from balancer.BalancerArn, which is not deployed yet" in complained) == (1, True)
    code, said, complained = operator.runs("destroy", *file, "--yes")
    assert (code, complained) == (0, ""), said
    assert "nothing of green is left there, by tag and by name" in said
