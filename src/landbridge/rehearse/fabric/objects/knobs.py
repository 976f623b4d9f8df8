"""How copying of objects behaves now; may be set while it runs."""

from dataclasses import dataclass


@dataclass
class Knobs:
    """Everything off: a version is copied as soon as it is seen."""

    lag: float = 0.0  # seconds a version waits before it is copied
    jitter: float = 0.0  # the share of the lag by which it varies, both ways; versions of one key keep their order
    stalled: bool = False  # nothing is copied, by rule or by job
    link_down: bool = False  # the regions don't reach each other: what is to be copied waits
    fail_every: int = 0  # every nth copy by a rule is given up as FAILED; 0 = none
