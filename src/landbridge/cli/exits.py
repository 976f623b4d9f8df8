"""The one table of exit codes (docs/exit-codes.md says when each is given)."""

from enum import IntEnum

from landbridge.migrate.runner import Ended


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    HELD = 3
    ROLLED_BACK = 4
    INTERRUPTED = 130


OF_RUN = {
    Ended.DONE: Exit.DONE,
    Ended.HELD: Exit.HELD,
    Ended.ROLLED_BACK: Exit.ROLLED_BACK,
    Ended.GIVEN_UP: Exit.HELD,  # people decided that it ends here
    Ended.UNFINISHED: Exit.HELD,  # somebody must go on with it
}
