"""Lines of subscribed groups come into the bucket as CloudWatch and Firehose bring them, in order and at least once."""

import json
import re

import pytest
from tests.unit.rehearse_world.logs_region import BUCKET, GROUP, LOST, OTHER, Shipped

from landbridge.rehearse.fabric.logs import lines
from landbridge.rehearse.fabric.logs.agent import LOOK_SECONDS, ROUND_SECONDS


def test_a_message_says_what_cloudwatch_says() -> None:
    """The owner, the group, the stream, the filter, and each line with an id of 56 digits and its time."""
    here = Shipped()
    here.logs.put("one", "hello", "hello")
    here.rounds()
    (message,) = here.buckets.messages()
    first, second = message.pop("logEvents")
    assert message == {
        "messageType": "DATA_MESSAGE",
        "owner": "000000000000",
        "logGroup": GROUP,
        "logStream": "one",
        "subscriptionFilters": ["shipping"],
    }
    assert (first["message"], first["timestamp"]) == ("hello", 1_000_000_000)
    assert len(first["id"]) == len(second["id"]) == 56
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    ("prefix", "compression", "named"),
    [
        ("here/!{timestamp:yyyy/MM/dd}/", "UNCOMPRESSED", "here/1970/01/12/logs-1-1970-01-12-13-46-40-UNIQUE"),
        ("here/", "UNCOMPRESSED", "here/1970/01/12/13/logs-1-1970-01-12-13-46-40-UNIQUE"),
        ("!{timestamp:HH-mm-ss}/", "GZIP", "13-46-40/logs-1-1970-01-12-13-46-40-UNIQUE.gz"),
        ("!{firehose:random-string}/", "UNCOMPRESSED", "RANDOM/logs-1-1970-01-12-13-46-40-UNIQUE"),
    ],
)
def test_an_object_is_named_as_firehose_names_it(prefix: str, compression: str, named: str) -> None:
    """The prefix worked out, or the hour where it says nothing; the stream, its version, the time, a unique end."""
    here = Shipped(prefix=prefix, compression=compression)
    here.logs.put("one", "hello")
    here.rounds()
    (key,) = here.buckets.objects
    unique = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(re.escape(named).replace("UNIQUE", unique).replace("RANDOM", "[A-Za-z0-9]{11}"), key)


def test_each_line_comes_once_and_a_late_one_too() -> None:
    """What is read again is not sent again, and a line that is older than those before it is not passed over."""
    here = Shipped()
    for number in range(8):
        here.logs.put("one", f"{number}")
        here.logs.put("one", f"late {number}", age=ROUND_SECONDS + 1)
        here.rounds()
    assert sorted(here.buckets.lines("one")) == sorted(f"{late}{number}" for number in range(8) for late in ("", "late "))


def test_lines_before_the_filter_stay() -> None:
    """As on AWS."""
    here = Shipped()
    here.logs.put("one", "before")
    here.clock.now += 1
    here.logs.subscribed = here.clock()
    here.logs.put("one", "after")
    here.rounds()
    assert here.buckets.lines("one") == ["after"]


def test_a_pattern_lets_through_what_matches() -> None:
    """It is the region's own search that says which."""
    here = Shipped(pattern="ERROR")
    here.logs.put("one", "ERROR no", "fine")
    here.rounds()
    assert here.buckets.lines("one") == ["ERROR no"]


def test_more_lines_than_one_answer_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, also where a page ends in the midst of a moment, and where one moment fills a page."""
    monkeypatch.setattr(lines, "PAGE", 4)
    here = Shipped()
    for moment in range(5):
        here.logs.put("one", *(f"{moment}/{number}" for number in range(3)))
        here.clock.now += 0.001
    here.rounds()
    assert here.buckets.lines("one") == [f"{moment}/{number}" for moment in range(5) for number in range(3)]


def test_lines_wait_until_the_buffer_is_old_enough() -> None:
    """And then go as one object; how long a minute lasts the knob says."""
    here = Shipped(minutes=2)
    here.knobs.minute = ROUND_SECONDS
    for number in range(3):
        here.logs.put("one", f"{number}")
        assert not here.buckets.objects
        here.rounds()
    assert len(here.buckets.objects) == 1
    assert here.buckets.lines("one") == ["0", "1", "2"]


def test_a_full_buffer_does_not_wait() -> None:
    """Its size is told in megabytes."""
    here = Shipped(minutes=1, megabytes=0)
    here.logs.put("one", "hello")
    here.rounds()
    assert here.buckets.lines("one") == ["hello"]


@pytest.mark.parametrize("lag", [0.0, 7.0, 60.0])
def test_the_lag_shown_is_the_lag_injected_within_one_heartbeat(lag: float) -> None:
    """Whether there are lines or not."""
    here = Shipped()
    here.knobs.lag = lag
    here.rounds(20)
    here.logs.put("one", "hello")
    shown = here.rounds(20)
    assert all(each is not None and lag <= each <= lag + ROUND_SECONDS for each in shown)


def test_a_stalled_agent_is_stale_and_not_zero() -> None:
    """The lag grows as the time does, and shrinks when it goes on."""
    here = Shipped()
    here.rounds()
    here.knobs.stalled = True
    here.logs.put("one", "hello")
    assert here.rounds(4) == [ROUND_SECONDS * number for number in (1, 2, 3, 4)]
    here.knobs.stalled = False
    assert here.rounds() == [0.0]
    assert here.buckets.lines("one") == ["hello"]


@pytest.mark.parametrize("out", ["link", "bucket", "region"])
def test_what_can_not_be_sent_is_kept_and_comes_in_order(out: str) -> None:
    """Link, the bucket's region, or the lines' own: nothing is lost, nothing turned round, and the lag is seen to grow."""
    here = Shipped()

    def turn(down: bool) -> None:  # noqa: FBT001
        here.knobs.link_down = out == "link" and down
        here.buckets.down = out == "bucket" and down
        here.logs.down = out == "region" and down

    for number in range(30):
        turn(10 <= number < 20)
        here.logs.put("one", f"{number}")
        here.logs.put("two", f"{number}")
        (lag,) = here.rounds()
        assert lag == max(0, number - 9) * ROUND_SECONDS * (number < 20)
    expected = [f"{number}" for number in range(30)]
    assert (here.buckets.lines("one"), here.buckets.lines("two"), here.agent.lost(here.logs.region)) == (expected, expected, 0)


def test_silence_is_not_taken_for_calm() -> None:
    """Nobody writes a line and the bucket can't be reached: the lag grows all the same."""
    here = Shipped()
    here.rounds()
    here.knobs.link_down = True
    assert here.rounds(3) == [ROUND_SECONDS, 2 * ROUND_SECONDS, 3 * ROUND_SECONDS]


def test_a_group_that_is_not_read_costs_the_others_nothing() -> None:
    """Their lines wait with it, and come once."""
    here = Shipped()
    here.logs.silent = OTHER
    here.logs.put("one", "here")
    here.logs.put("two", "there", group=OTHER)
    here.rounds(5)
    here.logs.silent = ""
    here.rounds()
    assert (here.buckets.lines("one"), here.buckets.lines("two")) == (["here"], ["there"])


def test_a_link_that_is_down_holds_up_nobody_whose_bucket_is_near() -> None:
    """It is between the regions."""
    here = Shipped()
    here.buckets.region = here.logs.region
    here.knobs.link_down = True
    here.logs.put("one", "hello")
    here.rounds()
    assert here.buckets.lines("one") == ["hello"]


def test_a_put_whose_answer_is_lost_comes_twice() -> None:
    """At least once, with the same ids."""
    here = Shipped()
    here.buckets.forgets = 1
    here.logs.put("one", "hello")
    here.rounds(2)
    first, second = here.buckets.messages()
    assert first == second


def test_begun_anew_it_sends_every_line_at_least_once() -> None:
    """Whatever the one before it had read and not sent; ids are those of before."""
    here = Shipped()
    here.logs.put("one", "0")
    here.rounds()
    here.knobs.link_down = True
    here.logs.put("one", "1")
    here.rounds()
    here.begin()
    here.knobs.link_down = False
    here.logs.put("one", "2")
    here.rounds()
    assert here.buckets.lines("one") == ["0", "0", "1", "2"]
    ids = [event["id"] for message in here.buckets.messages() for event in message["logEvents"]]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_what_could_not_be_sent_for_a_day_is_lost_and_said() -> None:
    """In the log stream that the delivery stream names: first the trouble, once, then the loss; the rest comes."""
    here = Shipped()
    here.knobs.keep = 2 * ROUND_SECONDS
    here.knobs.link_down = True
    for number in range(4):
        here.logs.put("one", f"{number}")
        here.rounds()
    here.knobs.link_down = False
    here.rounds()
    said = [json.loads(event["message"]) for event in here.logs.events[LOST[1]]]
    assert [each["message"].partition(" (")[0] for each in said] == [
        "eu-central-1 did not answer",
        "1 records were not delivered in time and are lost",
        "1 records were not delivered in time and are lost",
    ]
    assert said[0]["destination"] == f"arn:aws:s3:::{BUCKET}"
    assert here.buckets.lines("one") == ["2", "3"]
    assert here.agent.lost(here.logs.region) == 2


def test_a_bucket_that_is_nowhere_is_said() -> None:
    """And the lines wait for it."""
    here = Shipped(bucket="gone")
    here.logs.put("one", "hello")
    here.rounds()
    (event,) = here.logs.events[LOST[1]]
    assert "NoSuchBucket" in event["message"]
    here.logs.bucket = BUCKET
    here.rounds(int(LOOK_SECONDS / ROUND_SECONDS) + 1)
    assert here.buckets.lines("one") == ["hello"]


@pytest.mark.parametrize("missing", ["stream", "filter"])
def test_nothing_is_read_where_nothing_is_subscribed(missing: str) -> None:
    """And it has no lag; without a delivery stream not even the groups are asked for."""
    here = Shipped(streams=missing != "stream", subscribed=None if missing == "filter" else 0.0)
    assert here.rounds(10) == [None] * 10
    assert "FilterLogEvents" not in here.logs.asked
    assert ("DescribeLogGroups" in here.logs.asked) == (missing == "filter")


def test_a_delivery_stream_that_is_deleted_writes_nothing_more() -> None:
    """At once: its bucket is emptied and deleted next."""
    here = Shipped(minutes=1)
    here.knobs.minute = 1.5 * ROUND_SECONDS
    here.logs.put("one", "in the buffer")
    here.rounds(2)
    here.logs.streams = False
    here.logs.put("one", "later")
    assert here.rounds(3) == [None] * 3
    assert not here.buckets.objects


def test_a_filter_that_is_taken_away_ends_it() -> None:
    """Lines of later stay where they are, and one that is made again begins anew."""
    here = Shipped()
    here.rounds()
    here.logs.subscribed = None
    here.rounds(int(LOOK_SECONDS / ROUND_SECONDS))
    here.logs.put("one", "between")
    here.clock.now += 1
    here.logs.subscribed = here.clock()
    here.logs.put("one", "again")
    here.rounds(int(LOOK_SECONDS / ROUND_SECONDS) + 1)
    assert here.buckets.lines("one") == ["again"]
