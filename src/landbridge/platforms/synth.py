"""Writes the committed templates: the same bytes on every run, so that a diff shows what changed and nothing else.

Whatever fits into a line is one: CloudFormation counts the spaces too, of the 51,200 bytes it takes in a call.
"""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from landbridge.platforms.trading.stacks import PLATFORM, STACKS, app

WIDTH = 130


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
    path.write_text(spelled(data) + "\n", encoding="utf-8")


def spelled(data: Any, indent: int = 0, before: int = 0) -> str:
    """As JSON, in lines of at most `WIDTH` where that can be; `before` are the columns its first line has lost already."""
    flat = json.dumps(data)
    values = list(data.values()) if isinstance(data, dict) else data if isinstance(data, list) else []
    is_plain = len(values) < 2 and not any(isinstance(each, dict | list) for each in values)
    if is_plain or before + len(flat) < WIDTH:  # a comma may follow
        return flat
    keys = [f"{json.dumps(key)}: " for key in data] if isinstance(data, dict) else [""] * len(data)
    deeper, space = indent + 1, " " * (indent + 1)
    lines = [f"{space}{key}{spelled(each, deeper, deeper + len(key))}" for key, each in zip(keys, values, strict=True)]
    opens, closes = "{}" if isinstance(data, dict) else "[]"
    return f"{opens}\n" + ",\n".join(lines) + f"\n{' ' * indent}{closes}"
