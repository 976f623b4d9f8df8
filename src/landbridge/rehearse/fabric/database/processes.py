"""What a server that was killed leaves behind: processes that still run in its folder, and shared memory."""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

IPC_RMID = 0  # sys/ipc.h
PID_FILE = "postmaster.pid"
SHARED_LINE = 6  # of the pid file: the key and the id of the shared memory segment


def running(data: Path) -> tuple[int, ...]:
    """Every living process whose current folder is this one, as far as /proc tells: a server's own processes stay in its data."""
    proc, found = Path("/proc"), []
    for entry in proc.iterdir() if proc.is_dir() else ():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == data:
                found.append(int(entry.name))
    return tuple(found)


def end(data: Path) -> None:
    """Kills what still runs in this folder."""
    for pid in running(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def free_memory(data: Path) -> None:
    """Gives back the segment of a server that could not do it itself; nothing when it did."""
    try:
        lines = (data / PID_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    numbers = lines[SHARED_LINE].split() if len(lines) > SHARED_LINE else []
    if sys.platform == "linux" and len(numbers) == 2:
        ctypes.CDLL(None).shmctl(int(numbers[1]), IPC_RMID, None)
