"""The engine's archive: the same bytes for the same code, whole enough to run and to deploy from, with vouched wheels alone."""

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.unit.house.places import ROOT
from typer.testing import CliRunner

from landbridge.cli.main import app
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.engine_code import Lock, engine_code
from landbridge.model.errors import BadInput

TEMPLATES = ROOT / "templates"


def wheel(folder: Path, name: str, body: bytes = b"x = 1\n") -> str:
    """A wheel of one module; its checksum."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{name}/__init__.py", body)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    path.write_bytes(made.getvalue())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lock(folder: Path, **checksums: str) -> Lock:
    """A lock as pip reads it."""
    path = folder / "lock.txt"
    path.write_text("".join(f"{name}==1.0 \\\n    --hash=sha256:{told}\n" for name, told in checksums.items()))
    return Lock.read(path)


def test_the_same_code_and_templates_give_the_same_key() -> None:
    """Named by its hash, as everything that is deployed."""
    one, two = engine_code(TEMPLATES, {}), engine_code(TEMPLATES, {})
    assert one == two
    assert one.key == f"engine/{hashlib.sha256(one.body).hexdigest()}.zip"
    assert engine_code(TEMPLATES, {"more.py": b""}).key != one.key


def test_it_runs_from_the_archive_and_deploys_from_it(tmp_path: Path) -> None:
    """Unpacked as Lambda does it: both handlers load, the templates are read, and functions get the very code a laptop gives."""
    with zipfile.ZipFile(io.BytesIO(engine_code(TEMPLATES, {}).body)) as archive:
        archive.extractall(tmp_path)
    rooms = [path for path in sys.path if path.endswith("site-packages")]  # where the wheels are that an archive would hold
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; sys.path += {rooms!r}\n"
        "from landbridge.orchestrator import handler, watch\n"
        "from landbridge.deploy.artifacts import Artifact\n"
        "from landbridge.deploy.manifest import Manifest\n"
        f"assert handler.__file__.startswith({str(tmp_path)!r}), handler.__file__\n"
        "assert not {'typer', 'rich', 'aws_cdk', 'landbridge.rehearse', 'landbridge.cli'} & set(sys.modules)\n"
        "print(len(Manifest.read(handler.TEMPLATES).stacks), Artifact.of().key)\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    stacks, key = ran.stdout.split()
    assert (int(stacks) > 40, key) == (True, Artifact.of().key)


def test_wheels_are_unpacked_into_it(tmp_path: Path) -> None:
    """Whatever lies in them, metadata too: the functions' own code is found by it."""
    told = wheel(tmp_path, "some_thing")
    files = lock(tmp_path, **{"some-thing": told}).wheels(tmp_path)
    assert files == {"some_thing/__init__.py": b"x = 1\n"}


def test_a_wheel_that_the_lock_does_not_know_is_refused(tmp_path: Path) -> None:
    """By its checksum; nothing of it is read."""
    wheel(tmp_path, "some_thing")
    with pytest.raises(BadInput, match="is none of the wheels the lock names of some-thing"):
        lock(tmp_path, **{"some-thing": "0" * 64}).wheels(tmp_path)


def test_a_wheel_that_is_absent_is_named(tmp_path: Path) -> None:
    """An archive without it would fail in its first turn."""
    with pytest.raises(BadInput, match="has no wheel of absent, some-thing"):
        lock(tmp_path, some_thing="0" * 64, absent="0" * 64).wheels(tmp_path)


def test_the_lock_vouches_for_what_the_engine_imports() -> None:
    """Every library that a process has loaded which has loaded the engine, by the names of its distributions."""
    program = (
        "import importlib.metadata as m, sys\n"
        "before = set(sys.modules)\n"
        "import landbridge.orchestrator.handler, landbridge.orchestrator.watch, pg8000\n"
        "tops = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "known = m.packages_distributions()\n"
        "print(*sorted({each.lower() for top in tops for each in known.get(top, ())} - {'landbridge'}))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {name.replace("_", "-") for name in ran.stdout.split()} - {"certifi"}  # botocore takes it only where it is there
    assert loaded <= set(Lock.read(ROOT / "requirements/engine.txt").hashes)


def test_the_verb_writes_it_under_its_key(tmp_path: Path) -> None:
    """And says where it belongs."""
    told = wheel(tmp_path, "some_thing")
    lock(tmp_path, some_thing=told)
    arguments = ["package", "--wheels", tmp_path, "--lock", tmp_path / "lock.txt", "--out", tmp_path, "--templates", TEMPLATES]
    said = CliRunner().invoke(app, list(map(str, arguments)))
    (made,) = (tmp_path / "engine").glob("*.zip")
    assert f"upload it to the bucket of the foothold stack as engine/{made.name}, which is engine.archive" in said.stdout


@pytest.mark.parametrize("named", [[], ["--jars", "a", "--wheels", "b"]])
def test_one_archive_is_made_at_a_time(named: list[str]) -> None:
    """Neither is meant when nothing is named."""
    said = CliRunner().invoke(app, ["package", *named])
    assert isinstance(said.exception, BadInput)
