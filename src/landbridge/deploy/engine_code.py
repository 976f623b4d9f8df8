"""The engine as one archive for Lambda: its code, the committed templates, and wheels that were handed in.

Nothing is downloaded. A wheel that the lock does not vouch for is refused, so the archive is the same bytes for the same
code, templates and lock. Without wheels it is for a Python that has them already, as a rehearsal's has.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from landbridge.deploy.artifacts import PACKAGE, Artifact
from landbridge.deploy.manifest import Manifest
from landbridge.model.errors import BadInput

ROOMS = (
    "agents",
    "aws",
    "config",
    "deploy",
    "migrate",
    "model",
    "orchestrator",
    "replicate",
    "traffic",
    "verify",
    "workloads",
)
KINDS = {".py", ".sql", ".toml"}
PIN = re.compile(r"^([\w.-]+)==(\S+)(?: ; [^\\\n]*)?((?:[ \\\n]+--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lock:
    """Distributions by name, each with the checksums of its files."""

    hashes: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, path: Path) -> "Lock":
        """The lock of a file, as pip reads it."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BadInput(str(path), "there is no such file", "name the engine's lock, requirements/engine.txt") from None
        return cls({_plain(name): frozenset(re.findall(r"[0-9a-f]{64}", rest)) for name, _, rest in PIN.findall(text)})

    def wheels(self, folder: Path) -> dict[str, bytes]:
        """Everything in the folder's wheels, one of each distribution; one too few, or one nobody vouches for, is refused."""
        found = {_plain(path.name.split("-")[0]): path for path in sorted(folder.glob("*.whl"))}
        if lacking := sorted(self.hashes.keys() - found):
            raise BadInput(str(folder), f"has no wheel of {', '.join(lacking)}", "fetch them by the lock: docs/orchestrator.md")
        files: dict[str, bytes] = {}
        for name in sorted(self.hashes):
            files |= self._unpacked(name, found[name])
        return files

    def _unpacked(self, name: str, path: Path) -> dict[str, bytes]:
        body = path.read_bytes()
        if hashlib.sha256(body).hexdigest() not in self.hashes[name]:
            raise BadInput(str(path), f"is none of the wheels the lock names of {name}", "fetch it anew by the lock")
        with zipfile.ZipFile(io.BytesIO(body)) as wheel:
            return {each: wheel.read(each) for each in wheel.namelist() if not each.endswith("/")}


def engine_code(templates: Path, wheels: Mapping[str, bytes], package: Path = PACKAGE) -> Artifact:
    """The archive, under the key it has in the bucket of the journal's region."""
    return Artifact.named("engine", {**_code(package), **_templates(templates), **wheels})


def _code(package: Path) -> dict[str, bytes]:
    rooms = (path for room in ROOMS for path in (package / room).rglob("*") if path.suffix in KINDS)
    return {path.relative_to(package.parent).as_posix(): path.read_bytes() for path in (package / "__init__.py", *rooms)}


def _templates(folder: Path) -> dict[str, bytes]:
    """What the manifest names, and it: the engine deploys from them as a laptop does."""
    paths = [folder / "manifest.json", *sorted((folder / Manifest.read(folder).platform).glob("*.json"))]
    return {f"templates/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
