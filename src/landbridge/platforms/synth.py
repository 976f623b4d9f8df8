"""Writes the committed templates: the same bytes on every run, so that a diff shows what changed and nothing else.

Whatever fits into a line is one: CloudFormation counts the spaces too, of the 51,200 bytes it takes in a call.
"""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landbridge.config.load import load_context
from landbridge.config.payments import Payments
from landbridge.platforms.constructs.naming import STACK, Naming
from landbridge.platforms.constructs.placed import Placed, app
from landbridge.platforms.payments import stacks as payments
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.given import given
from landbridge.platforms.trading import stacks as trading
from landbridge.platforms.trading.common import TradingStack

CONTEXT = Path("cdk.json")

WIDTH = 130


def synthesize(folder: Path) -> list[Path]:
    """Writes every template and each platform's manifest under `folder`; says which files they are."""
    first = _platform(folder, folder, trading.PLATFORM, trading.STACKS, TradingStack.names)
    own = folder / payments.PLATFORM
    second = _platform(folder, own, payments.PLATFORM, payments.STACKS, PaymentsStack.names)
    return [*first, *second, *_regions(own)]


def _platform(folder: Path, home: Path, platform: str, stacks: Sequence[Placed], names: Naming) -> list[Path]:
    """A platform's templates in a folder of its name, and the manifest in its home; a template's path there is from that."""
    (folder / platform).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="landbridge-synth-") as out:
        app(out, stacks).synth()
        written = [_template(Path(out), folder / platform, each.name) for each in stacks]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in written]
    entries = [
        each.entry(path.relative_to(home).as_posix(), digest) for each, path, digest in zip(stacks, written, digests, strict=True)
    ]
    manifest = home / "manifest.json"
    _write(manifest, {"platform": platform, "called": names.text(STACK), "stacks": entries})
    return [*written, manifest]


def _regions(folder: Path) -> list[Path]:
    """What each region of CDK's context answers the templates, a file a region."""
    platform = load_context(CONTEXT, payments.PLATFORM, Payments)
    written = {folder / f"{each.region}.parameters.json": given(platform, each) for each in platform.regions}
    for path, values in written.items():
        _write(path, values)
    return list(written)


def _template(out: Path, folder: Path, name: str) -> Path:
    path = folder / f"{name}.template.json"
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
