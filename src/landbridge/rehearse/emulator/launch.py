"""Runs one command and sees to it that nothing of it outlives whoever holds the other end of standard input.

Run by its path, in a session of its own; the command gets a process group. SIGTERM is passed on to that group. When
standard input ends (its holder closed it, or was killed), or when the command ends, whatever is left in the group is
killed and reaped: the functions' workers too, which a parent death signal would not reach. Cost: one small process
beside each emulator.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys

LOOK_SECONDS = 0.25
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h: orphans of the group become our children, so none stays a zombie


def main(command: list[str]) -> None:
    """Run the command until it or the lifeline ends, then end its whole group."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603 - our own command
    signal.signal(signal.SIGTERM, lambda *_: _signal_group(child.pid, signal.SIGTERM))
    try:
        while child.poll() is None:
            readable, _, _ = select.select([sys.stdin], [], [], LOOK_SECONDS)
            if readable and not os.read(sys.stdin.fileno(), 1):
                break
    finally:
        _signal_group(child.pid, signal.SIGKILL)
        _reap()


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # the group is already gone: what was wanted
        os.killpg(group, number)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):  # nobody left to reap ends the loop
        while True:
            os.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
