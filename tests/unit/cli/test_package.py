"""`landbridge package` makes the same archive of the same code and jar, and takes no jar that nobody vouches for."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landbridge.cli.main import app
from landbridge.deploy.signals_code import JAR, LIBRARY, Connector
from landbridge.model.errors import BadInput

JAR_BODY = b"a connector"
SHA256 = hashlib.sha256(JAR_BODY).hexdigest()
CONNECTOR = Connector.of()


@pytest.fixture(name="jars")
def _jars(tmp_path: Path) -> Path:
    folder = tmp_path / "jars"
    folder.mkdir()
    (folder / CONNECTOR.file).write_bytes(JAR_BODY)
    return folder


def packaged(jars: Path, out: Path, sha256: str = SHA256) -> Path:
    """The archive the verb writes; its refusal as the error it is."""
    said = CliRunner().invoke(app, ["package", "--jars", str(jars), "--out", str(out), "--sha256", sha256])
    if said.exception:
        raise said.exception
    (made,) = (out / "signals").glob("*.zip")
    return made


def test_the_archive_is_named_by_its_hash(jars: Path, tmp_path: Path) -> None:
    """Under the key the signals stack takes, and nothing in it depends on when it was made."""
    made, again = packaged(jars, tmp_path / "one"), packaged(jars, tmp_path / "two")
    assert made.stem == hashlib.sha256(made.read_bytes()).hexdigest()
    assert made.read_bytes() == again.read_bytes()


def test_the_archive_holds_what_managed_flink_starts(jars: Path, tmp_path: Path) -> None:
    """The entry at its root, the jar where the template says it is, the definitions beside the code."""
    with zipfile.ZipFile(packaged(jars, tmp_path)) as archive:
        assert archive.read(JAR) == JAR_BODY
        assert {"main.py", f"{LIBRARY}/landbridge/workloads/trading/signals/definitions.toml"} <= set(archive.namelist())


def test_the_archive_needs_nothing_but_flink(jars: Path, tmp_path: Path) -> None:
    """Its code and its AWS client are found in it alone."""
    with zipfile.ZipFile(packaged(jars, tmp_path)) as archive:
        archive.extractall(tmp_path / "there")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'there' / LIBRARY)!r})\n"
        "import landbridge.workloads.trading.flink.application, botocore.session\n"
        "from botocore import UNSIGNED\nfrom botocore.config import Config\n"
        "config = Config(region_name='eu-central-1', signature_version=UNSIGNED)\n"
        "print(botocore.session.get_session().create_client('dynamodb', config=config).meta.endpoint_url)\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("https://dynamodb.eu-central-1.amazonaws.com\n", "")


def test_an_absent_jar_is_refused_with_its_coordinates(jars: Path, tmp_path: Path) -> None:
    """So that a person can fetch it."""
    (jars / CONNECTOR.file).unlink()
    with pytest.raises(BadInput, match=f"fetch {CONNECTOR}"):
        packaged(jars, tmp_path)


def test_another_jar_is_refused(jars: Path, tmp_path: Path) -> None:
    """One whose checksum is not the pinned one; both are told."""
    with pytest.raises(BadInput, match=f"{SHA256} instead of {'0' * 64}"):
        packaged(jars, tmp_path, "0" * 64)


def test_a_jar_without_a_pinned_checksum_is_refused(jars: Path, tmp_path: Path) -> None:
    """It is told, for a person to compare with the publisher's."""
    with pytest.raises(BadInput, match=f"{SHA256}, and none is pinned"):
        Connector(CONNECTOR.group, CONNECTOR.name, CONNECTOR.version, "").read(jars)


def test_a_refused_package_writes_nothing(jars: Path, tmp_path: Path) -> None:
    """Neither an archive nor a folder."""
    out = tmp_path / "out"
    with pytest.raises(BadInput):
        packaged(jars, out, "0" * 64)
    assert not out.exists()
