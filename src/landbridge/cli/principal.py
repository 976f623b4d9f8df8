"""Who runs a command, by the operating system's own word: what an environment variable says could be anybody."""

import os
import pwd


def principal() -> str:
    """The user this process belongs to."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number nobody has named
        return f"uid-{os.getuid()}"
