"""cfn-lint has nothing to say, in any region a template is deployed to."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.templates.conftest import COMMITTED

from landbridge.deploy.manifest import Home, Manifest

REGIONS = {
    Home.SOURCE: ["us-east-1"],
    Home.TARGET: ["eu-central-1"],
    Home.BOTH: ["us-east-1", "eu-central-1"],
    Home.GLOBAL: ["us-east-1"],
    Home.JOURNAL: ["eu-west-1"],
}


@pytest.mark.parametrize("home", list(REGIONS))
def test_cfn_lint_is_silent(home: Home) -> None:
    """No error, no warning, no remark for the stacks of this home in its regions (RU-11)."""
    names = [stack.name for stack in Manifest.read(COMMITTED).stacks if stack.home is home]
    assert names
    paths = [str(COMMITTED / "trading" / f"{name}.template.json") for name in names]
    options = ["--format", "json", "--include-checks", "I", "--regions", *REGIONS[home], "--"]
    command = [str(Path(sys.executable).parent / "cfn-lint"), *options, *paths]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    found = [(match["Filename"], match["Rule"]["Id"], match["Message"]) for match in json.loads(done.stdout or "[]")]
    assert (done.returncode, found) == (0, []), done.stderr
