"""cfn-lint has nothing to say of the payments platform, in three regions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.templates.payments.conftest import FOLDER

# the linter wants StorageEncrypted wherever a key is named, and refuses it for a copy; AWS wants a copy to name a key alone
CONTRADICTED = [("database", "E3720")]
REGIONS = ("us-east-1", "us-east-2", "us-west-2")


@pytest.mark.slow
def test_ru_11_cfn_lint_is_silent_in_three_regions() -> None:
    """No error, no warning, no remark but where it contradicts itself; the third region is one nobody has named yet."""
    paths = sorted(str(path) for path in FOLDER.glob("*.template.json"))
    options = ["--format", "json", "--include-checks", "I", "--regions", *REGIONS, "--"]
    command = [str(Path(sys.executable).parent / "cfn-lint"), *options, *paths]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    found = [(Path(match["Filename"]).name.partition(".")[0], match["Rule"]["Id"]) for match in json.loads(done.stdout or "[]")]
    assert found == CONTRADICTED, done.stdout[-2000:] + done.stderr
