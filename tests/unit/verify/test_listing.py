"""Planted differences between two buckets are found exactly, none is invented."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes import Clock
from tests.unit.verify.buckets_world import BucketsWorld, Stored

from landbridge.model.errors import Unreachable
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.bucket import Copy
from landbridge.verify.objects.listing import Bucket
from landbridge.verify.objects.versions import Rule, Version
from landbridge.verify.settle import Settling

NAMES = ("caf\u00e9", "cafe\u0301")
KEYS = [f"history/{NAMES[number % 2]}/{number:02d} +?.parquet" for number in range(20)]
T, S = Side.TARGET, Side.SOURCE
Plant = Callable[[BucketsWorld, str], tuple[Side, Kind] | None]


def swapped(world: BucketsWorld, key: str, **changes: object) -> None:
    """The target's newest version of a key is another."""
    versions = world.target.keys[key]
    versions[-1] = replace(versions[-1], **changes)  # type: ignore[arg-type]


def body(world: BucketsWorld, key: str) -> tuple[Side, Kind]:
    """Other bytes of the same length."""
    swapped(world, key, body="X" * len(world.target.keys[key][-1].body))
    return T, Kind.CHANGED


def size(world: BucketsWorld, key: str) -> tuple[Side, Kind]:
    """Empty, and not missing."""
    swapped(world, key, body="")
    return T, Kind.CHANGED


def gone(world: BucketsWorld, key: str) -> tuple[Side, Kind]:
    """The newest version never came."""
    world.target.keys[key].pop()
    return T, Kind.MISSING


def failed(world: BucketsWorld, key: str) -> tuple[Side, Kind]:
    """And S3 says that it gave it up."""
    world.source.keys[key][-1] = replace(world.source.keys[key][-1], replication="FAILED")
    world.target.keys[key].pop()
    return T, Kind.FAILED


def extra(world: BucketsWorld, key: str) -> tuple[Side, Kind]:
    """The source lost it."""
    world.source.keys[key].pop()
    return S, Kind.MISSING


def unmarked(world: BucketsWorld, key: str) -> tuple[Side, Kind]:
    """A delete that did not arrive."""
    world.source.keys[key][-1] = replace(world.source.keys[key][-1], marker=True)
    return T, Kind.CHANGED


def parts(world: BucketsWorld, key: str) -> None:
    """The same content put together of other parts."""
    swapped(world, key, parts=3)


def kms(world: BucketsWorld, key: str) -> None:
    """The same content under a key of KMS, and no checksum that both have."""
    swapped(world, key, encryption="aws:kms", summed=False)


PLANTS: dict[str, Plant] = {each.__name__: each for each in (body, size, gone, failed, extra, unmarked, parts, kms)}


def comparison(world: BucketsWorld, rule: Rule, folder: Path | None = None) -> StoreComparison:
    """Of a world's two buckets."""
    copies: Pair[Copy] = Pair(world.source, world.target)
    return StoreComparison(Bucket("history", copies, rule, Settling(3, world.sleep)), Clock(), folder)


def filled(world: BucketsWorld) -> None:
    """Every key with an older version or a marker under its newest."""
    for number, key in enumerate(KEYS):
        world.both(key, Stored(f"old-{number}", "an older one", marker=number % 3 == 0))
        world.both(key, Stored(f"new-{number}", f"body of {number}"))


def test_heartbeats_are_no_part_of_a_bucket() -> None:
    """They are under way all the time, and nobody's data."""
    ours, theirs = (Version(key, "1", latest=True, marker=False, size=1, etag="x") for key in ("~heartbeat/us-east-1", "a"))
    assert Rule(same_ids=False).entries([ours, theirs]).keys() == {"a"}


@given(
    st.dictionaries(st.integers(0, len(KEYS) - 1), st.sampled_from(sorted(PLANTS)), max_size=8),
    st.integers(0, 999),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_what_is_planted_is_found_and_nothing_else(plants: dict[int, str], seed: int, busy: bool, own: bool) -> None:  # noqa: FBT001
    """Under live writes with a target that lags; with the source's version ids and with replicas' own."""
    world, expected = BucketsWorld(Random(seed), hot=4 * busy, own_ids=own), []
    filled(world)
    for number, name in plants.items():
        found = PLANTS[name](world, KEYS[number])
        side, kind = found or (T, Kind.CHANGED)
        named = KEYS[number] if own else f"{KEYS[number]}?versionId=new-{number}"
        kind = Kind.CHANGED if own and kind is Kind.MISSING else kind  # the key is there, its newest version is not
        expected += [Difference("history", named, T if own else side, kind)] if found else []
    result = comparison(world, Rule(same_ids=not own)).compare()
    assert list(result.differences) == sorted(expected)
    assert result.whole


def test_equal_listings_ask_for_nothing_more() -> None:
    """No request an object."""
    world = BucketsWorld(Random(1))
    filled(world)
    result = comparison(world, Rule()).compare()
    assert (result.compared, result.differences) == (2 * len(KEYS), ())
    assert world.source.heads + world.target.heads == 0


def test_by_size_alone_keys_of_kms_cost_no_request_either() -> None:
    """And another content of the same size is then not seen."""
    world = BucketsWorld(Random(1))
    filled(world)
    kms(world, KEYS[0])
    body(world, KEYS[1])
    size(world, KEYS[2])
    result = comparison(world, Rule(etags=False)).compare()
    assert [each.key for each in result.differences] == [f"{KEYS[2]}?versionId=new-2"]
    assert world.target.heads == 0


def test_delete_markers_count_only_where_they_are_copied() -> None:
    """A rule may leave them out."""
    world = BucketsWorld(Random(1))
    filled(world)
    world.source.put(KEYS[3], Stored("deleted", "", marker=True))
    assert comparison(world, Rule(markers=False)).compare().differences == ()
    assert [each.kind for each in comparison(world, Rule()).compare().differences] == [Kind.MISSING]


def test_a_side_that_is_down_half_way_gives_a_partial_result(tmp_path: Path) -> None:
    """The sentence says which; going on later lists no page twice."""
    world = BucketsWorld(Random(1))
    filled(world)
    world.target.fails_at = 3
    made = comparison(world, Rule(), tmp_path / "work")
    result = made.compare()
    assert not result.whole
    assert result.stopped == "eu-central-1 did not answer (ListObjectVersions history: ReadTimeoutError); the next look will tell"
    assert result.notes == (f"listed up to the key {sorted(KEYS, key=str.encode)[5]}",)
    again = made.compare()
    assert (again.whole, again.compared) == (True, 2 * len(KEYS))
    assert world.source.pages == world.target.pages == len(KEYS) // 3 + 2


def test_a_side_that_is_down_from_the_start_is_told_as_an_error() -> None:
    """Nothing was compared, so there is no result."""
    world = BucketsWorld(Random(1))
    world.source.fails_at = 1
    with pytest.raises(Unreachable):
        comparison(world, Rule()).compare()


def test_it_is_told_beforehand_what_would_be_listed() -> None:
    """As far as one request a side tells."""
    world = BucketsWorld(Random(1))
    filled(world)
    source, target = comparison(world, Rule()).explain()
    assert (source.reads, source.unit, target.note) == (1, "LIST requests", "at least; one request lists 1,000 versions")
