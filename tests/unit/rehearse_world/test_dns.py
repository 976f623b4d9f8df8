"""Route 53's answers follow weights and health, and caches keep them for the TTL."""

import random
from collections import Counter

from landbridge.rehearse.fabric.dns import Cache, Record, Resolver, answer

NAME = "origin.trading.example"


def weighted(value: str, weight: int, check: str | None = None, ttl: int = 5) -> Record:
    """A weighted record of the origin."""
    return Record(NAME, value, ttl, value, weight, check)


def shares(records: list[Record], sick: set[str] | None = None) -> Counter[str]:
    """How often each value is answered in ten thousand questions."""
    chance = random.Random(3)
    return Counter(answer(records, lambda check: check not in (sick or set()), chance).value for _ in range(10_000))


def test_answers_are_proportional_to_weights() -> None:
    """1 to 99 is one in a hundred."""
    seen = shares([weighted("s", 99), weighted("t", 1)])
    assert 60 < seen["t"] < 140
    assert seen["s"] + seen["t"] == 10_000


def test_weight_zero_is_never_answered_while_another_is_well() -> None:
    """Zero beside a healthy record above zero means none."""
    assert shares([weighted("s", 10, "cs"), weighted("t", 0, "ct")]) == {"s": 10_000}


def test_weight_zero_answers_when_all_others_are_sick() -> None:
    """The zero-weight record is the last resort."""
    assert shares([weighted("s", 10, "cs"), weighted("t", 0, "ct")], {"cs"}) == {"t": 10_000}


def test_weight_zero_without_a_check_counts_as_healthy() -> None:
    """A record without a health check always passes."""
    assert shares([weighted("s", 10, "cs"), weighted("t", 0)], {"cs"}) == {"t": 10_000}


def test_sick_records_are_left_out() -> None:
    """All answers go to what is well."""
    assert shares([weighted("s", 99, "cs"), weighted("t", 1, "ct")], {"cs"}) == {"t": 10_000}


def test_when_all_are_sick_all_count_as_well() -> None:
    """Then weights decide again, zero staying out."""
    seen = shares([weighted("s", 50, "cs"), weighted("t", 50, "ct"), weighted("z", 0, "cz")], {"cs", "ct", "cz"})
    assert set(seen) == {"s", "t"}


def test_all_zero_is_shared_evenly() -> None:
    """Nothing but zeroes answers like equals."""
    seen = shares([weighted("s", 0), weighted("t", 0)])
    assert abs(seen["s"] - seen["t"]) < 600


def test_a_cache_keeps_its_answer_for_the_ttl() -> None:
    """New weights reach a cache only when its answer has expired."""
    cache = Cache(random.Random(1))
    before, after = {NAME: [weighted("s.example", 1)]}, {NAME: [weighted("t.example", 1)]}
    assert cache.resolve(NAME, before, lambda _: True, 100.0) == "s.example"
    assert cache.resolve(NAME, after, lambda _: True, 104.9) == "s.example"
    assert cache.resolve(NAME, after, lambda _: True, 105.0) == "t.example"


def test_chains_are_followed_and_loops_are_not() -> None:
    """A CNAME of a CNAME leads on; a circle and an unknown name lead nowhere."""
    cache = Cache(random.Random(1))
    links = {NAME: "S.Example.", "s.example": "api.example", "x": "x"}
    zone = {name: [Record(name, value, 5)] for name, value in links.items()}
    assert cache.resolve(f"{NAME}.", zone, lambda _: True, 0.0) == "api.example"
    assert cache.resolve("x", zone, lambda _: True, 0.0) is None
    assert cache.resolve("unknown.example", zone, lambda _: True, 0.0) is None


def test_many_caches_turn_a_small_weight_into_a_small_share() -> None:
    """Over a few TTLs 10 % of the weight is about 10 % of requests, and each viewer keeps to one cache."""
    now = [0.0]
    resolver = Resolver(64, 1, lambda _: True, lambda: now[0])
    resolver.zone = {NAME: [weighted("s.example", 90), weighted("t.example", 10)]}
    seen: Counter[str | None] = Counter()
    for second in range(200):
        now[0] = float(second)
        first = [resolver.resolve(NAME, f"trader-{number}") for number in range(50)]
        assert first == [resolver.resolve(NAME, f"trader-{number}") for number in range(50)]
        seen.update(first)
    assert 0.06 < seen["t.example"] / seen.total() < 0.14
