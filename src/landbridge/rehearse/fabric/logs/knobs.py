"""How logs are sent on now; may be set while it runs."""

from dataclasses import dataclass


@dataclass
class Knobs:
    """Everything off: a line goes as soon as Firehose's own buffer is full or old enough."""

    lag: float = 0.0  # seconds a line waits before it may go
    jitter: float = 0.0  # the share of the lag by which it varies, both ways; the order stays
    stalled: bool = False  # nothing is read and nothing is sent
    link_down: bool = False  # the regions don't reach each other: what goes to the other one waits
    minute: float = 60.0  # seconds that a minute of a buffer's interval lasts here
    keep: float = 86_400.0  # seconds after which what could not be sent is lost: a day, as Firehose does
