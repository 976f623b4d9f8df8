"""Runs one command that dies with whoever started it, also when that one is killed. Linux; elsewhere it just runs."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; it outlives the exec below


def main(parent: int, command: list[str]) -> None:
    """Become the command, tied to the parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == parent:  # else it died before the tie was made
        os.execv(command[0], command)  # noqa: S606 - our own command


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
