"""Reading stays within so many units a second, over all threads of a side: capacity units of a table, calls to a shard."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Budget:
    """Whoever has read waits until that is paid for; infinite = nobody waits."""

    units_per_second: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    spent: float = field(default=0.0, init=False)
    _paid_at: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def spend(self, units: float) -> None:
        """Waits as long as these units take at the rate, behind those of the others."""
        with self._lock:
            now = self.clock()
            self.spent += units
            self._paid_at = max(self._paid_at, now) + units / self.units_per_second
            wait = self._paid_at - now
        if wait > 0:
            self.sleep(wait)
