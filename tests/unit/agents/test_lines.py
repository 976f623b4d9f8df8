"""A batch is sorted so that nothing is left out, keys keep their order, and records of ours part what lies around them."""

from collections import deque
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.agents.batches import REGION, SHARD, record, ticks

from landbridge.agents import lines
from landbridge.agents.lines import RECORD_BYTES, Lines, Sorted
from landbridge.model.market import HEARTBEAT_FEED, EndMarker, Tick
from landbridge.model.mirror import head, pack, unpack
from landbridge.model.pen import Epoch

MARK = EndMarker(REGION, SHARD, Epoch(1), 5).text().encode()
BEAT = Tick(HEARTBEAT_FEED, SHARD, 1, "1.0").text().encode()
KINDS = st.sampled_from(["a", "b", "c", "mark", "poison"])


def places(lines_: Lines) -> list[int]:
    """The places of everything in a line-up, key by key."""
    packs = [each for line in lines_.values() for each in line]
    return [int(each.origin.sequence) - 10**55 for one in packs for each in unpack(one.data())]


def made(kinds: list[str]) -> Sorted:
    """A batch of ticks, markers and poison."""
    data = {"mark": MARK, "poison": b"\xff"}
    return Sorted.of(
        [
            record(number, kind, data.get(kind, Tick("feed", kind, number, "1").text().encode()))
            for number, kind in enumerate(kinds)
        ],
        REGION,
    )


@settings(deadline=None)
@given(st.lists(KINDS, min_size=1))
def test_every_record_is_in_one_pack_or_a_letter(kinds: list[str]) -> None:
    """And in one only."""
    found = made(kinds)
    assert sorted([*(each for one in found.lines for each in places(one)), *(letter.place for letter in found.letters)]) == list(
        range(len(kinds))
    )


@settings(deadline=None)
@given(st.lists(KINDS, min_size=1))
def test_a_marker_parts_what_came_before_it_from_what_came_after(kinds: list[str]) -> None:
    """Every line-up lies whole before the next one, and a marker is alone in its own."""
    found = [places(each) for each in made(kinds).lines if each]
    assert all(max(one) < min(other) for one, other in pairwise(found))
    for one in found:
        assert len(one) == 1 or not any(kinds[place] == "mark" for place in one)


@settings(deadline=None)
@given(st.lists(KINDS, min_size=1), st.integers(300, 1500))
def test_a_key_keeps_its_order_over_packs(kinds: list[str], size: int) -> None:
    """However small packs are, each holds at least one record, and begins where it says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PACK_BYTES", size)
        found = made(kinds)
    for key in set(kinds):
        packs = [each for one in found.lines for each in one.get(key, deque())]
        numbers = [[int(each.origin.sequence) - 10**55 for each in unpack(one.data())] for one in packs]
        assert [each[0] for each in numbers] == [one.first for one in packs]
        assert list(chain(*numbers)) == sorted(chain(*numbers))


def test_a_heartbeat_is_alone_as_a_marker_is() -> None:
    """It says that what came before it arrived."""
    batch = [*ticks(["a"]), record(1, "h", BEAT), record(2, "a", Tick("feed", "a", 2, "1").text().encode())]
    assert [places(each) for each in Sorted.of(batch, REGION).lines if each] == [[0], [1], [2]]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe", "is not text"),
        (b"secret", "is not a JSON object"),
        (b'{"kind":"later"}', "is neither a tick nor an end marker"),
        (b'{"kind":"tick","feed":1}', "has other fields than it should"),
        (pack(head("eu-central-1", "s"), []), "is a copy already"),
        (EndMarker("eu-central-1", SHARD, Epoch(1), 5).text().encode(), "ends another region's stream"),
        (b"x" * RECORD_BYTES, "is too large for one record of a mirror"),
    ],
)
def test_what_cannot_be_copied_is_a_letter(data: bytes, why: str) -> None:
    """It says why, and nothing of what the record holds; its neighbours are copied."""
    batch = ticks(["a", "b", "c"])
    batch[1] = record(1, "b", data)
    found = Sorted.of(batch, REGION)
    assert [(each.place, each.why) for each in found.letters] == [(1, why)]
    assert places(found.lines[0]) == [0, 2]


def test_data_that_is_no_base64_is_a_letter() -> None:
    """Lambda never sends such, and one would not stop the shard."""
    batch = ticks(["a"])
    batch[0]["kinesis"]["data"] = "x"
    assert [each.why for each in Sorted.of(batch, REGION).letters] == ["is not text"]


def filled(size: int) -> Sorted:
    """One tick of so many bytes, in letters of two, under the longest partition key there is."""
    text = Tick("feed", "a", 1, "").text()
    value = "\u00e4" * ((size - len(text)) // 2)
    return Sorted.of([record(1, "\U0001f600" * 256, text.replace('"value":""', f'"value":"{value}"').encode())], REGION)


def test_the_largest_record_that_is_copied_fits_a_mirror() -> None:
    """With its pack around it and its partition key beside it; one that only fits without those is a letter."""
    room = RECORD_BYTES - 1024
    (only,) = (each for line in filled(room - lines.FRAME_BYTES - 4).lines[0].values() for each in line)
    assert room - 300 < len(only.data()) <= room
    assert [each.why for each in filled(room - 4).letters] == ["is too large for one record of a mirror"]
