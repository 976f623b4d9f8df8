"""A manifest is read whole and true, or refused with the file and the way out."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.deploy.fakes import PLATFORM

from landbridge.deploy.manifest import INLINE_BYTES, Feed, Home, Manifest
from landbridge.model.errors import BadInput

BUCKET: dict[str, Any] = {"Parameters": {"EnvironmentSuffix": {}}, "Resources": {}, "Outputs": {"Name": {"Value": "x"}}}
READER: dict[str, Any] = {"Parameters": {"Bucket": {}}, "Resources": {}}


def _write(folder: Path, *stacks: tuple[str, dict[str, Any], dict[str, Any]]) -> None:
    entries = []
    for name, template, more in stacks:
        body = json.dumps(template).encode()
        (folder / f"{name}.json").write_bytes(body)
        digest = hashlib.sha256(body).hexdigest()
        entries.append({"name": name, "home": "both", "template": f"{name}.json", "sha256": digest, "feeds": {}, **more})
    (folder / "manifest.json").write_text(json.dumps({"platform": "trading", "stacks": entries}))


FEED = {"feeds": {"Bucket": {"stack": "bucket", "output": "Name"}}}


def test_a_good_manifest_is_read_in_order(tmp_path: Path) -> None:
    """Names, homes, parameters and feeds, as synthesized."""
    _write(tmp_path, ("bucket", BUCKET, {}), ("reader", READER, {**FEED, "home": "journal"}))
    manifest = Manifest.read(tmp_path)
    assert [stack.name for stack in manifest.stacks] == ["bucket", "reader"]
    reader = manifest.stack("reader")
    assert (reader.home, reader.parameters, reader.feeds) == (Home.JOURNAL, ("Bucket",), {"Bucket": Feed("bucket", "Name")})
    with pytest.raises(BadInput, match="bucket, reader"):
        manifest.stack("other")


def test_a_template_edited_by_hand_is_refused(tmp_path: Path) -> None:
    """What isn't what was synthesized is not deployed."""
    _write(tmp_path, ("bucket", BUCKET, {}))
    (tmp_path / "bucket.json").write_text("{}")
    with pytest.raises(BadInput, match=r"bucket\.json: is not the template"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize("missing", ["manifest.json", "bucket.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    """The file, and how to get it."""
    _write(tmp_path, ("bucket", BUCKET, {}))
    (tmp_path / missing).unlink()
    with pytest.raises(BadInput, match=f"{missing}: there is no such file; run `landbridge synth`"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"stacks": [{}]}', '{"stacks": [], "platforms": 1}'])
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    """Not JSON, not ours, not whole: one sentence each."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BadInput, match="can't be used"):
        Manifest.read(tmp_path)


def test_an_unknown_home_is_refused(tmp_path: Path) -> None:
    """A stack belongs somewhere we know."""
    _write(tmp_path, ("bucket", BUCKET, {"home": "moon"}))
    with pytest.raises(BadInput, match="moon"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize(
    "stacks",
    [
        [("reader", READER, FEED), ("bucket", BUCKET, {})],
        [("bucket", BUCKET, {}), ("reader", READER, {"feeds": {"Bucket": {"stack": "bucket", "output": "Other"}}})],
        [("bucket", BUCKET, {}), ("reader", READER, {"feeds": {"Other": {"stack": "bucket", "output": "Name"}}})],
    ],
)
def test_a_feed_that_leads_nowhere_is_refused(tmp_path: Path, stacks: list[Any]) -> None:
    """From a stack that comes later, from no output, into no parameter."""
    _write(tmp_path, *stacks)
    with pytest.raises(BadInput, match=r"feeds reader\."):
        Manifest.read(tmp_path)


def test_a_template_too_large_for_a_call_is_refused(tmp_path: Path) -> None:
    """Found here, not by CloudFormation half-way through a deployment."""
    _write(tmp_path, ("bucket", {**BUCKET, "Description": "x" * INLINE_BYTES}, {}))
    with pytest.raises(BadInput, match="split the stack"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize(
    ("called", "around"),
    [
        ("${Stack}-${Environment}-${EnvironmentSuffix}", ("", f"-{PLATFORM.environment}-prod")),
        ("trading-analytics-${Stack}-${EnvironmentSuffix}", ("trading-analytics-", "-prod")),
    ],
)
def test_a_platform_says_how_its_stacks_are_called(called: str, around: tuple[str, str]) -> None:
    """What stands before and after the kind, in this environment."""
    assert Manifest("any", (), called).around(PLATFORM) == around


def test_a_manifest_that_does_not_say_is_tradings(tmp_path: Path) -> None:
    """Those of before said nothing."""
    _write(tmp_path, ("bucket", BUCKET, {}))
    assert Manifest.read(tmp_path).around(PLATFORM) == ("trading-analytics-", "-prod")
