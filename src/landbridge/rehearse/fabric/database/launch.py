"""Becomes one PostgreSQL server under its account, which shuts down when whoever started it is gone, even killed.

Not by SIGKILL, as other processes of the rehearsal: a server gives its shared memory back only when it is told to end.
Linux; elsewhere it just runs. The account is taken here and not before: it may not be allowed to run our Python.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; it outlives the exec below, but not a change of user


def main(parent: int, account: str, command: list[str]) -> None:
    """Become the command, tied to the parent; account is `user:group`, or empty for our own."""
    if account:
        user, group = map(int, account.split(":"))
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)
    if os.getppid() == parent:  # else it died before the tie was made
        os.execv(command[0], command)  # noqa: S606 - our own command


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
