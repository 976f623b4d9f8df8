"""How the control plane behaves now; may be set while it runs."""

from dataclasses import dataclass
from enum import StrEnum


class Switchover(StrEnum):
    """What becomes of a planned switchover."""

    DONE = "done"
    STALL = "stall"  # it is taken and does not begin: the old writer goes on
    HANG = "hang"  # the old writer has stopped, and nothing takes over
    FAIL = "fail"  # it is given up when its time is over: the old writer writes again


class Crash(StrEnum):
    """What becomes of a writer whose server dies."""

    RESTART = "restart"  # as Aurora restarts an instance
    FAIL_OVER = "fail over"  # the other region writes, with what has arrived there


@dataclass
class Knobs:
    """Stall and hang last as long as the knob says so."""

    switchover: Switchover = Switchover.DONE
    switchover_seconds: float = 0.1  # that a switchover takes, and no less
    catch_up_seconds: float = 30.0  # after which one whose target does not catch up is given up
    crash: Crash = Crash.RESTART
    restart_seconds: float = 0.1  # after which a server that died is started again
