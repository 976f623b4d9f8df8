"""The last writer wins on both sides, whatever shows in the streams and in which order."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from landbridge.model.region import Pair, Region
from landbridge.rehearse.fabric.comparison import Found, compared
from landbridge.rehearse.fabric.last_writer import Change, Copy, Stamp, change_of, digest_of, record_of

S, T = Region("us-east-1"), Region("eu-central-1")


def item(value: str, key: str = "k") -> dict[str, Any]:
    """An item of one key and one value."""
    return {"user": {"S": key}, "value": {"S": value}}


def write(value: str | None, at_ms: int, region: Region = S, key: str = "k") -> Change:
    """A write of a value, or a delete."""
    image = None if value is None else item(value, key)
    return change_of({"user": {"S": key}}, image, Stamp(at_ms, region, f"{at_ms:030d}"))


def test_a_later_write_is_taken_and_an_earlier_one_is_not() -> None:
    """Order of arrival does not matter; ties go by region, the same way on both sides."""
    copy = Copy(T)
    copy.observe(write("mine", 20, T))
    assert not copy.takes(write("older", 19, S))
    assert copy.takes(write("newer", 21, S))
    assert copy.takes(write("tie", 20, S))
    other = Copy(S)
    other.observe(write("tie", 20, S))
    assert not other.takes(write("mine", 20, T))


def test_an_own_write_is_carried_and_an_echo_is_not() -> None:
    """Our put shows in the stream and goes no further, however often it shows."""
    copy = Copy(T)
    put = write("a", 10)
    copy.putting(put, 100)
    assert copy.observe(write("a", 100, T)).carry is None
    copy.put(put, 105)
    assert copy.observe(write("a", 104, T)).carry is None
    assert copy.observe(write("a", 200, T)).carry is not None


def test_a_newer_write_under_our_put_is_put_back() -> None:
    """We wrote 10 over 50 because we had not seen 50 yet: 50 comes back."""
    copy = Copy(T)
    put = write("ten", 10)
    copy.putting(put, 60)
    copy.put(put, 62)
    newer = write("fifty", 50, T)
    assert copy.observe(newer).carry == newer
    assert copy.observe(write("ten", 61, T)).put_back == newer


def test_a_put_that_never_showed_is_forgotten_once_the_stream_was_read() -> None:
    """An identical write later is a write."""
    copy = Copy(T)
    put = write("a", 10)
    copy.putting(put, 100)
    copy.put(put, 101)
    copy.read_until(10_000)
    assert not copy.ours(put.key, put.digest)
    assert copy.observe(write("a", 101, T)).carry is not None


def test_an_unanswered_put_stays_expected_until_it_is_given_up() -> None:
    """It may show late, but not for ever."""
    copy = Copy(T)
    put = write("a", 10)
    copy.putting(put, 100)
    copy.read_until(1_000_000)
    assert copy.ours(put.key, put.digest)
    copy.abandoned(put, 200)
    copy.abandoned(write("never put", 1), 200)
    copy.read_until(1_000_000)
    assert not copy.ours(put.key, put.digest)


def test_write_time_is_read_from_the_sequence_number_or_the_second() -> None:
    """Milliseconds where the emulator gives them."""
    data = {"Keys": {"user": {"S": "k"}}, "NewImage": item("v"), "ApproximateCreationDateTime": datetime.fromtimestamp(7, UTC)}
    exact = record_of({"dynamodb": {**data, "SequenceNumber": f"{1234567:020d}{9:010d}"}}, S)
    coarse = record_of({"dynamodb": {**data, "SequenceNumber": "42"}}, S)
    assert (exact.stamp.at_ms, coarse.stamp.at_ms) == (1_234_567, 7000)


def test_the_same_item_has_the_same_digest() -> None:
    """Neither attribute order nor set order matters; lists and bytes do."""
    assert digest_of({"a": {"SS": ["x", "y"]}, "b": {"B": b"1"}}) == digest_of({"b": {"B": b"1"}, "a": {"SS": ["y", "x"]}})
    assert digest_of({"a": {"L": [{"S": "x"}, {"S": "y"}]}}) != digest_of({"a": {"L": [{"S": "y"}, {"S": "x"}]}})
    assert digest_of({"b": {"B": b"1"}}) != digest_of({"b": {"B": b"2"}})


class Regions:
    """Two tables with streams, and the copies' knowledge of them, moved by hand."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = 0
        self.tables: dict[Region, dict[str, Any]] = {S: {}, T: {}}
        self.streams: dict[Region, list[Change]] = {S: [], T: []}
        self.copies = {S: Copy(S), T: Copy(T)}
        self.queues: dict[Region, list[Change]] = {S: [], T: []}

    def store(self, region: Region, change: Change) -> None:
        """A write at a region, shown in its stream unless it changes nothing."""
        self.now += self.chance.randint(0, 3)
        if self.tables[region].get(change.key) != change.image:
            self.tables[region][change.key] = change.image
            stamp = Stamp(self.now, region, f"{len(self.streams[region]):030d}")
            self.streams[region].append(change_of(change.keys, change.image, stamp))

    def user_writes(self, region: Region, number: int) -> None:
        """Somebody writes or deletes one of three keys."""
        value = None if self.chance.random() < 0.1 else f"{region}{number}"
        self.store(region, write(value, 0, region, f"k{self.chance.randrange(3)}"))

    def read(self, region: Region, other: Region) -> None:
        """The stream is read to its end."""
        for seen in map(self.copies[region].observe, self.streams[region]):
            self.queues[other] += [seen.carry] if seen.carry else []
            self.queues[region][:0] = [seen.put_back] if seen.put_back else []
        self.streams[region].clear()
        self.copies[region].read_until(self.now)

    def put(self, region: Region) -> None:
        """What waits for the region is put there."""
        for change in self.queues[region]:
            if self.copies[region].takes(change):
                self.copies[region].putting(change, self.now)
                self.store(region, change)
                self.copies[region].put(change, self.now)
        self.queues[region].clear()


@pytest.mark.parametrize("seed", range(20))
def test_two_copies_converge_under_writes_on_both_sides(seed: int) -> None:
    """Streams read late and in random turns end with both tables alike."""
    regions = Regions(seed)
    for number in range(400):
        side, other = regions.chance.choice([(S, T), (T, S)])
        act = regions.chance.random()
        if act < 0.5:
            regions.user_writes(side, number)
        elif act < 0.75:
            regions.read(side, other)
        else:
            regions.put(side)
    for side, other in [(S, T), (T, S)] * 50:
        regions.read(side, other)
        regions.put(side)
    assert regions.tables[S] == regions.tables[T]


def test_a_first_comparison_takes_what_only_one_side_has_and_the_declaring_side_where_they_differ() -> None:
    """Nothing is deleted on a guess."""
    source, target = Copy(S), Copy(T)
    here = Found(source, [item("mine", "both"), item("s", "only source"), item("same", "same")])
    there = Found(target, [item("theirs", "both"), item("t", "only target"), item("same", "same")])
    writes = compared(("user",), Pair(here, there), 1000)
    assert [(change.keys["user"]["S"], (change.image or {})["value"]["S"]) for change in writes.target] == [
        ("both", "mine"),
        ("only source", "s"),
    ]
    assert [change.keys["user"]["S"] for change in writes.source] == ["only target"]
    same = digest_of({"user": {"S": "same"}})
    assert source.held(same) == target.held(same) is not None


def test_a_later_comparison_lets_the_side_win_that_changed() -> None:
    """Known content loses to changed content, an earlier write to a later one, an own unconfirmed put to what is known."""
    source, target = Copy(S), Copy(T)
    source.learned(write("old", 10, S, "changed"))
    source.learned(write("first", 10, S, "both known"))
    target.learned(write("second", 20, T, "both known"))
    source.learned(write("known", 10, S, "ours"))
    target.putting(write("put", 5, S, "ours"), 100)
    here = Found(source, [item("old", "changed"), item("first", "both known"), item("known", "ours")])
    there = Found(target, [item("new", "changed"), item("second", "both known"), item("put", "ours")])
    writes = compared(("user",), Pair(here, there), 1000)
    assert [(change.image or {})["value"]["S"] for change in writes.source] == ["second", "new"]
    assert [(change.image or {})["value"]["S"] for change in writes.target] == ["known"]
