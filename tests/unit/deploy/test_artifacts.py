"""The functions' code is the same bytes for the same code, and runs alone."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients
from landbridge.deploy.artifacts import LIBRARIES, PACKAGE, Artifact, upload
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region

REGION = Region("us-east-1")


def test_the_same_code_gives_the_same_key_wherever_it_lies(tmp_path: Path) -> None:
    """Copied, touched, with caches beside it: the same bytes. One letter more: another key."""
    copy = tmp_path / "elsewhere" / "landbridge"
    shutil.copytree(PACKAGE, copy)
    for path in copy.rglob("*.py"):
        os.utime(path, (0, 0))
        path.chmod(0o600)
    assert Artifact.of(copy) == Artifact.of()
    (copy / "model" / "state.py").write_text("# other\n")
    assert Artifact.of(copy).key != Artifact.of().key


def test_it_holds_the_model_the_agents_and_the_workloads_and_nothing_else() -> None:
    """No CDK, no engine, no caches in a customer's account."""
    with zipfile.ZipFile(io.BytesIO(Artifact.of().body)) as archive:
        names = archive.namelist()
    assert names == sorted(names)
    ours = [name for name in names if name.startswith("landbridge/")]
    assert {name.split("/")[1] for name in ours} == {"__init__.py", "agents", "model", "workloads"}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"landbridge", *LIBRARIES}
    assert all(name.endswith((".py", ".toml", "dist-info/METADATA")) for name in names)


def test_the_code_runs_from_the_zip_alone(tmp_path: Path) -> None:
    """Every handler imports with the zip and boto3 and nothing of this project beside them."""
    zipped = tmp_path / "code.zip"
    zipped.write_bytes(Artifact.of().body)
    rooms = [path for path in sys.path if path.endswith("site-packages")]  # boto3's; what the zip has comes before it
    code = (
        f"import sys; sys.path[:0] = [{str(zipped)!r}]; sys.path += {rooms!r}\n"
        "from landbridge.workloads.trading import read, transform, work, write\n"
        "from landbridge.agents import rotate_secret\n"
        "import pg8000, scramp\n"
        f"assert {zipped.name!r} in pg8000.__file__ and {zipped.name!r} in scramp.__file__\n"
        f"assert {zipped.name!r} in read.__file__ and write.handler and rotate_secret.handler, read.__file__\n"
        "assert not {'pydantic', 'typer', 'landbridge.config', 'landbridge.aws'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


class Bucket:
    """An S3 that keeps what it is given."""

    def __init__(self, code: str = "404") -> None:
        self.objects: dict[str, bytes] = {}
        self.puts = 0
        self.code = code

    def head_object(self, Bucket: str, Key: str) -> None:  # noqa: N803 - as AWS spells it
        """Whether it lies there."""
        if Key not in self.objects:
            status = {"HTTPStatusCode": int(self.code)} if self.code.isdigit() else {}
            raise ClientError({"Error": {"Code": self.code}, "ResponseMetadata": status}, "HeadObject")

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803 - as AWS spells it
        """Keeps it."""
        self.objects[Key] = Body
        self.puts += 1


def _clients(bucket: Bucket) -> Clients:
    clients = Clients()
    clients._made["s3", REGION, True] = bucket
    return clients


def test_it_is_uploaded_once() -> None:
    """What lies there under its hash is the same, so it is not sent again."""
    bucket, artifact = Bucket(), Artifact("functions/x.zip", b"code")
    for _ in range(2):
        upload(_clients(bucket), REGION, "bucket", artifact)
    assert (bucket.objects, bucket.puts) == ({"functions/x.zip": b"code"}, 1)


@pytest.mark.parametrize(("code", "error"), [("AccessDenied", Refused), ("503", Unreachable)])
def test_a_bucket_that_says_no_is_said_in_our_words(code: str, error: type[Exception]) -> None:
    """Not read as 'isn't there'."""
    with pytest.raises(error, match="upload to bucket"):
        upload(_clients(Bucket(code)), REGION, "bucket", Artifact("k", b""))
