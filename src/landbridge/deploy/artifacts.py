"""The functions' code as one zip that is the same bytes for the same code, under a key that is its hash.

Stored, not compressed: the same bytes whatever the zlib, at the cost of some 60 KB an upload.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.region import Region

PACKAGE = Path(__file__).resolve().parents[1]
ROOMS = ("agents", "model", "workloads")
CODE = {".py", ".toml"}
LIBRARIES = ("asn1crypto", "pg8000", "scramp")  # pure Python, which Lambda's runtime has not: a driver without a native wheel
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Artifact:
    """Code that is named by what it is."""

    key: str
    body: bytes

    @classmethod
    def of(cls, package: Path = PACKAGE) -> "Artifact":
        """What the functions need: the model, the agents, the workloads and their libraries, nothing else."""
        return cls.named("functions", {**code(package), **libraries()})

    @classmethod
    def named(cls, folder: str, files: Mapping[str, bytes]) -> "Artifact":
        """These files by their names in the archive, under the hash of what they make."""
        body = _zip(files)
        return cls(f"{folder}/{hashlib.sha256(body).hexdigest()}.zip", body)


def code(package: Path = PACKAGE) -> dict[str, bytes]:
    """What of the package runs in the customer's account, by name, with the data that lies beside it."""
    rooms = (path for room in ROOMS for path in (package / room).rglob("*") if path.suffix in CODE)
    return {path.relative_to(package.parent).as_posix(): path.read_bytes() for path in (package / "__init__.py", *rooms)}


def libraries() -> dict[str, bytes]:
    """What the functions import that the runtime lacks, as it is installed here; they ask for their own version by metadata."""
    found: dict[str, bytes] = {}
    for name in LIBRARIES:
        for path in metadata.distribution(name).files or ():
            if path.suffix == ".py" or path.name == "METADATA":
                found[path.as_posix()] = path.read_binary()
    return found


def upload(clients: Clients, region: Region, bucket: str, artifact: Artifact) -> None:
    """Sees to it that the artifact lies in the bucket; what already lies there under its key is the same."""
    s3 = clients.client("s3", region)
    with speaking(region, f"upload to {bucket}"):
        if not _lies_there(s3, bucket, artifact.key):
            s3.put_object(Bucket=bucket, Key=artifact.key, Body=artifact.body, ContentType="application/zip")


def _lies_there(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if said(error) in {"404", "NotFound", "NoSuchKey"}:
            return False
        raise
    return True


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, wherever it is made: else the bytes and the file's mode would differ
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()
