"""Who runs a command: on an account the one AWS says these credentials are, in a rehearsal the user of the system.

An environment variable could say anybody, so none is asked.
"""

import os
import pwd

from landbridge.aws.clients import speaking
from landbridge.migrate.adapters.leading import Moving
from landbridge.model.region import Region


def principal(moving: Moving) -> str:
    """By whom the journal will know what is decided."""
    if moving.clients.endpoints:
        return user()
    region = Region(moving.config.platform.journal)  # neither side need answer
    with speaking(region, "asking who you are"):
        return str(moving.clients.client("sts", region).get_caller_identity()["Arn"])


def user() -> str:
    """The user this process belongs to, by the operating system's own word."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number nobody has named
        return f"uid-{os.getuid()}"
