"""The Flink application as one archive: its code, what its code imports, and a connector jar that was handed in.

Nothing is downloaded. What the code imports of others (botocore and its needs) is what landbridge itself runs on, so the
archive is the same bytes for the same code, lock and jar.
"""

import hashlib
import importlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from landbridge.deploy.artifacts import PACKAGE, Artifact, code
from landbridge.model.errors import BadInput

FLINK = PACKAGE / "workloads/trading/flink"
CONNECTOR = FLINK / "connector.toml"
LIBRARY, JAR = "lib/python", "lib/connectors.jar"
NEEDED = ("botocore", "dateutil", "jmespath", "six", "urllib3")
DATA = ("endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json", "dynamodb", "sts")


@dataclass(frozen=True, slots=True)
class Connector:
    """A jar by its coordinates and checksum."""

    group: str
    name: str
    version: str
    sha256: str

    @classmethod
    def of(cls, path: Path = CONNECTOR) -> "Connector":
        """The connector a file names."""
        return cls(**tomllib.loads(path.read_text(encoding="utf-8")))

    @property
    def file(self) -> str:
        """What the jar is called."""
        return f"{self.name}-{self.version}.jar"

    def __str__(self) -> str:
        return f"{self.group}:{self.name}:{self.version}"

    def read(self, folder: Path) -> bytes:
        """The jar of a folder; one that is absent or that nobody vouches for is refused."""
        jar = folder / self.file
        if not jar.is_file():
            fetch = f"fetch {self} from Maven Central, or from your own mirror of it, into that folder"
            raise BadInput(str(folder), f"has no {self.file}", fetch)
        body = jar.read_bytes()
        found = hashlib.sha256(body).hexdigest()
        if not self.sha256:
            fix = "compare it with the publisher's, then give it by --sha256 or write it into connector.toml"
            raise BadInput(str(jar), f"has the SHA-256 {found}, and none is pinned for {self}", fix)
        if found != self.sha256:
            raise BadInput(str(jar), f"has the SHA-256 {found} instead of {self.sha256}", f"fetch {self} anew")
        return body


def signals_code(connector: Connector, jars: Path) -> Artifact:
    """The archive, under the key it has in the artifact bucket."""
    files = {"main.py": (FLINK / "main.py").read_bytes(), JAR: connector.read(jars)}
    files |= {f"{LIBRARY}/{name}": content for name, content in code().items()}
    for name in NEEDED:
        files |= {f"{LIBRARY}/{path}": content for path, content in _imported(name).items()}
    return Artifact.named("signals", files)


def _imported(name: str) -> dict[str, bytes]:
    """A package's or a module's code; of botocore's descriptions of all AWS only what the application calls."""
    found = Path(str(importlib.import_module(name).__file__))
    if found.name != "__init__.py":
        return {found.name: found.read_bytes()}
    files = [*found.parent.rglob("*.py"), *found.parent.glob("*.pem")]
    data = found.parent / "data"
    files += [path for kept in DATA for path in [data / kept, *(data / kept).rglob("*")] if path.is_file()]
    return {path.relative_to(found.parents[1]).as_posix(): path.read_bytes() for path in files}
