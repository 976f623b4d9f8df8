"""`./dev` explains itself from anywhere, and says in one sentence what a machine lacks."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.unit.house.places import ROOT

TOOLS = ("sh", "cat", "date", "mkdir", "mktemp", "rmdir", "rm", "mv", "ls", "head", "uname", "id")
VERBS = {"test", "rehearse", "synth", "bench", "simulate", "fix", "lock"}


def dev(*arguments: str, script: Path = ROOT / "dev", path: str = os.defpath) -> subprocess.CompletedProcess[str]:
    """Runs the script as from a bare login: no home, no variables, some other folder."""
    command = [shutil.which("sh") or "sh", str(script), *arguments]
    return subprocess.run(command, cwd="/", env={"PATH": path}, capture_output=True, text=True, check=False, timeout=60)


def verbs() -> set[str]:
    """The verbs the help lists."""
    return set(re.findall(r"^  (\w+) ", dev().stdout, re.MULTILINE))


@pytest.fixture(name="bare")
def _bare(tmp_path: Path) -> tuple[Path, Path]:
    """A checkout that was never set up, and a machine with a shell's tools and nothing else."""
    checkout, tools = tmp_path / "checkout", tmp_path / "bin"
    tools.mkdir()
    shutil.copytree(ROOT / "requirements", checkout / "requirements")
    for name in ("dev", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout)
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)
    return checkout / "dev", tools


def python(tools: Path, body: str) -> None:
    """Puts something on the PATH that goes by Python's name."""
    (tools / "python3").write_text(f"#!{tools}/sh\n{body}\n")
    (tools / "python3").chmod(0o755)


def test_bare_it_lists_its_verbs() -> None:
    """Each verb has its line, and asking is no error."""
    said = dev()
    assert said.returncode == 0
    assert verbs() == VERBS


def test_an_unknown_verb_is_bad_input() -> None:
    """It is named, the help follows, and the code is 2."""
    said = dev("tset")
    assert said.returncode == 2
    assert "no verb 'tset'" in said.stderr
    assert "rehearse" in said.stderr


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
@pytest.mark.parametrize("script", ["dev", ".ci/run"])
def test_every_shell_can_read_it(shell: str, script: str) -> None:
    """Nothing in it is for one shell alone, except that .ci/run asks for bash."""
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    read = subprocess.run([shell, "-n", str(ROOT / script)], capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


def test_ci_runs_what_everyone_runs() -> None:
    """CI has no steps of its own."""
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert lines[-1] == "exec ./dev test"
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_without_python_it_says_so(bare: tuple[Path, Path]) -> None:
    """One sentence names what to install; nothing is left half made."""
    script, tools = bare
    said = dev("synth", script=script, path=str(tools))
    assert said.returncode == 1
    assert said.stderr == "dev: no Python 3.11 or newer is on the PATH; install one and run this again\n"
    assert not (script.parent / ".venv").exists()


def test_a_python_that_only_has_the_name_is_passed_over(bare: tuple[Path, Path]) -> None:
    """A version manager's shim that can't run is no Python."""
    script, tools = bare
    python(tools, "exit 127")
    assert "no Python 3.11" in dev("synth", script=script, path=str(tools)).stderr


def test_without_venv_it_names_the_package(bare: tuple[Path, Path]) -> None:
    """Debian splits Python; the missing part is named."""
    script, tools = bare
    python(tools, 'case "$*" in *ensurepip*) exit 1 ;; esac')
    said = dev("synth", script=script, path=str(tools))
    assert said.returncode == 1
    assert "python3-venv" in said.stderr
