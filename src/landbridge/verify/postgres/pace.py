"""How much to ask at once: statements of about the same length, and no more of a server's time than it can spare."""

from collections.abc import Callable
from dataclasses import dataclass, field

FASTEST = 4  # a statement asks for at most so many times what the one before did


@dataclass
class Pace:
    """Ranges a statement; adapted after each."""

    seconds: float  # how long a statement should take
    max_load: float  # the share of the time a server may be at work for us
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    step: int = 1
    _worked: float = field(default=0.0, init=False)

    def took(self, seconds: float, asked: int) -> None:
        """Learns from one statement."""
        self._worked = seconds
        self.step = max(1, round(asked * min(FASTEST, self.seconds / max(seconds, 1e-6))))

    def rest(self) -> None:
        """Lets the servers breathe after it."""
        if self.max_load < 1:
            self.sleep(max(0.0, self._worked) * (1 / self.max_load - 1))

    def too_slow(self, asked: int) -> bool:
        """Asks for less; whether there is less to ask for."""
        self.step = max(1, asked // FASTEST)
        return asked > 1
