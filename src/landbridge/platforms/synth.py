"""Writes the committed templates: the same bytes on every run, so that a diff shows what changed and nothing else."""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from aws_cdk import App

from landbridge.platforms.trading.api import Api
from landbridge.platforms.trading.artifacts import Artifacts
from landbridge.platforms.trading.journal import Journal
from landbridge.platforms.trading.pens import Pens
from landbridge.platforms.trading.tables import Tables

PLATFORM = "trading"
# In the order they are deployed; `home` says in which region's role, `feeds` which output becomes which parameter.
STACKS: tuple[tuple[type[Any], str, dict[str, dict[str, str]]], ...] = (
    (Artifacts, "both", {}),
    (Tables, "source", {}),
    (Pens, "both", {}),
    (Api, "both", {"ArtifactBucket": {"stack": "artifacts", "output": "BucketName"}}),
    (Journal, "journal", {}),
)


def synthesize(folder: Path) -> list[Path]:
    """Writes every template and the manifest under `folder`; says which files they are."""
    (folder / PLATFORM).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="landbridge-synth-") as out:
        app = App(outdir=out, tree_metadata=False, analytics_reporting=False)
        made = [(stack(app), home, feeds) for stack, home, feeds in STACKS]
        app.synth()
        written = [_template(Path(out) / stack.template_file, folder, stack.node.id) for stack, _, _ in made]
    entries = [
        {
            "name": stack.node.id,
            "home": home,
            "template": path.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "feeds": feeds,
        }
        for (stack, home, feeds), path in zip(made, written, strict=True)
    ]
    manifest = folder / "manifest.json"
    _write(manifest, {"platform": PLATFORM, "stacks": entries})
    return [*written, manifest]


def _template(made: Path, folder: Path, name: str) -> Path:
    path = folder / PLATFORM / f"{name}.template.json"
    _write(path, json.loads(made.read_text(encoding="utf-8")))
    return path


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
