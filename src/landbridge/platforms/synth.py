"""Writes the committed templates: the same bytes on every run, so that a diff shows what changed and nothing else."""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from landbridge.platforms.trading.stacks import PLATFORM, STACKS, app


def synthesize(folder: Path) -> list[Path]:
    """Writes every template and the manifest under `folder`; says which files they are."""
    (folder / PLATFORM).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="landbridge-synth-") as out:
        app(out).synth()
        written = [_template(Path(out), folder, each.name) for each in STACKS]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in written]
    entries = [
        each.entry(path.relative_to(folder).as_posix(), digest)
        for each, path, digest in zip(STACKS, written, digests, strict=True)
    ]
    manifest = folder / "manifest.json"
    _write(manifest, {"platform": PLATFORM, "stacks": entries})
    return [*written, manifest]


def _template(out: Path, folder: Path, name: str) -> Path:
    path = folder / PLATFORM / f"{name}.template.json"
    _write(path, json.loads((out / f"{name}.template.json").read_text(encoding="utf-8")))
    return path


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
