"""One region's AWS: a ministack process that dies with us, whatever kills us.

Its environment is scrubbed, because functions inherit it and import what the host would lend them. Its state is
thrown away with its folder; a rehearsal never restarts an emulator.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.rehearse.emulator import launch

LOOK_SECONDS = 0.05
PORTS_TRIED = 5


@dataclass
class Emulator:
    """A region's emulator: `door_url` is what its functions call, `url` is where only the door calls."""

    region: Region
    folder: Path
    log: Path
    door_url: str
    ready_seconds: float = 30.0
    grace_seconds: float = 4.0
    files: bool = True  # each object is a file too, which doubles a put: the emulator's Athena reads nothing else
    port: int = 0
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where the emulator itself listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Answers once the emulator answers; a port lost to somebody else is replaced by another."""
        for name in ("tmp", "state", "s3", "home"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for _ in range(PORTS_TRIED):
            self.port = free_port()
            try:
                if await self._came_up():
                    return
            except TimeoutError:
                why = f"it said nothing for {self.ready_seconds:.0f} s; read {self.log}"
                raise Refused(self.region, "starting the emulator", why) from None
        raise Refused(self.region, "starting the emulator", f"it ended {PORTS_TRIED} times at once; read {self.log}")

    async def stop(self) -> None:
        """Ends every process of the emulator, its functions' workers too, and removes its folder; safe to repeat."""
        process = self._process
        if process is not None:
            await self._end(process)
            self._process = None
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    def pids(self) -> tuple[int, ...]:
        """Every process of this emulator that still lives; none before the start and after the stop."""
        return () if self._process is None else session_members(self._process.pid)

    async def _came_up(self) -> bool:
        seen = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            spawning = asyncio.ensure_future(
                asyncio.create_subprocess_exec(
                    *(sys.executable, "-ISB", launch.__file__, sys.executable, "-m", "ministack"),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    env=self._environment(),
                    start_new_session=True,
                )
            )
            try:
                self._process = await asyncio.shield(spawning)
            except asyncio.CancelledError:
                self._process = await spawning  # cancelled in between, asyncio would kill the launcher and orphan its child
                raise
        async with asyncio.timeout(self.ready_seconds), aiohttp.ClientSession() as session:
            while self._process.returncode is None:
                if self._listens(seen) and await self._healthy(session):
                    return True
                await asyncio.sleep(LOOK_SECONDS)
        return False

    def _listens(self, seen: int) -> bool:
        """Its own log says so: a port alone might be answered by another emulator that was quicker."""
        with self.log.open("rb") as log:
            log.seek(seen)
            return f"Running on {self.url} ".encode() in log.read()

    async def _healthy(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/_ministack/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        members = session_members(process.pid)
        with contextlib.suppress(ProcessLookupError):  # it had ended by itself
            process.terminate()
        for seconds in (self.grace_seconds, self.grace_seconds):
            with contextlib.suppress(TimeoutError):  # then the lifeline goes, and the launcher kills the group
                async with asyncio.timeout(seconds):
                    await process.wait()
                break
            if process.stdin is not None:
                process.stdin.close()
        for pid in (*members, *session_members(process.pid)):
            if os_session(pid) == process.pid:
                os.kill(pid, signal.SIGKILL)
        await process.wait()
        while session_members(process.pid):  # noqa: ASYNC110 - the kernel tells nobody when orphans are gone
            await asyncio.sleep(LOOK_SECONDS)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "STATE_DIR": str(self.folder / "state"),
            "S3_PERSIST": "1" if self.files else "0",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "MINISTACK_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.door_url,
        }


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def session_members(leader: int) -> tuple[int, ...]:
    """Every living process of a session, as far as /proc tells; elsewhere just the leader."""
    proc = Path("/proc")
    if not proc.is_dir():
        return (leader,)
    numbers = (int(entry.name) for entry in proc.iterdir() if entry.name.isdigit())
    return tuple(pid for pid in numbers if os_session(pid) == leader)


def os_session(pid: int) -> int | None:
    """The session a process belongs to, or None when it is gone or only waits to be reaped."""
    try:
        if Path("/proc").is_dir() and Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
            return None
        return os.getsid(pid)
    except (FileNotFoundError, ProcessLookupError):
        return None
