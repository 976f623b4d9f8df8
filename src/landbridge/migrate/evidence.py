"""How much a count of bad answers says: against a limit, against the source, and against a region that had regressed.

Evidence is a logarithm: a region within its limit shows evidence of h in one stretch with a chance of at most e^-h.
"""

import math


def above(bad: int, total: int, limit: float) -> float:
    """Evidence that answers are bad more often than the limit (Chernoff's bound of the binomial tail); 0 = none."""
    return _unlike(bad, total, limit) if bad > limit * total else 0.0


def worse(bad: int, total: int, other_bad: int, other_total: int) -> float:
    """Evidence that answers are bad more often than the others (the log-likelihood ratio of two shares); 0 = none."""
    if bad * other_total <= other_bad * total:
        return 0.0
    common = (bad + other_bad) / (total + other_total)
    return _unlike(bad, total, common) + _unlike(other_bad, other_total, common)


def so_few(bad: int, total: int, rate: float) -> float:
    """The chance of this few bad answers or fewer, were each bad at this rate (the binomial's lower tail)."""
    if bad >= rate * total:
        return 1.0
    return sum(math.exp(_log_ways(total, k) + k * math.log(rate) + (total - k) * math.log1p(-rate)) for k in range(bad + 1))


def _log_ways(total: int, chosen: int) -> float:
    return math.lgamma(total + 1) - math.lgamma(chosen + 1) - math.lgamma(total - chosen + 1)


def _unlike(bad: int, total: int, rate: float) -> float:
    """The binomial's log-likelihood ratio between the share seen and this rate."""
    good = total - bad
    seen_bad = bad * math.log(bad / (total * rate)) if bad else 0.0
    return seen_bad + (good * math.log(good / (total * (1 - rate))) if good else 0.0)
