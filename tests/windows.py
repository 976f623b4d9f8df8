"""Windows of probes as a test lays them out: so many answers, evenly over the looks of a stretch."""

from landbridge.traffic.window import Answers, Window

NOW = 1_000_000.0
LOOK = 5.0


def window(total: int = 1000, *, errors: int = 0, wrong: int = 0, slow: int = 0, usual: float = 0.1, long: float = 9.0) -> Window:
    """A look every five seconds up to now, ten answers each; `slow` of the good ones take `long`."""
    made = Window(seconds=1800.0)
    looks = max(1, -(-total // 10))
    for number in range(looks):
        count, failed, wrongs, slows = (_share(of, number, looks) for of in (total, errors, wrong, slow))
        good = count - failed - wrongs
        seconds = (*[long] * min(slows, good), *[usual] * (good - slows))
        made.add(Answers(NOW - LOOK * (looks - 1 - number), count, failed, wrongs, seconds))
    return made


def _share(of: int, number: int, parts: int) -> int:
    return of * (number + 1) // parts - of * number // parts
