"""Whatever lies in a stream comes out as entries with positions; what is none is told as spoilt and hides nothing."""

import base64
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.market import EndMarker, Stream, Tick
from landbridge.model.mirror import head, pack, piece
from landbridge.model.pen import Epoch
from landbridge.workloads.trading.market import Spoilt
from landbridge.workloads.trading.records import batches, first

TICK = Tick("feed", "ACME", 1, "101.25 300 1767603600000")
END = EndMarker("there", "shard-1", Epoch(1), 7)


def _record(data: bytes, sequence: int, shard: str = "shard-0") -> dict[str, Any]:
    kinesis = {"data": base64.b64encode(data).decode(), "sequenceNumber": str(sequence), "partitionKey": "k"}
    return {"eventID": f"{shard}:{sequence}", "eventSourceARN": "arn:aws:kinesis:r:1:stream/x", "kinesis": kinesis}


def test_a_live_record_is_one_entry_of_its_own_shard() -> None:
    """Position and origin come from where it lies."""
    (batch,) = batches([_record(TICK.text().encode(), 5), _record(END.text().encode(), 6)], Stream.LIVE, "here")
    assert (batch.origin, batch.shard) == ("here", "shard-0")
    assert batch.entries == [("5", TICK), ("6", END)]


def test_a_mirror_record_is_a_pack_of_another_sides_shard() -> None:
    """Its entries share its position; each origin makes a batch of its own."""
    packs = [
        pack(head("there", shard), [piece("1", TICK.text()), piece("2", entry.text())])
        for shard, entry in (("shard-1", END), ("shard-2", TICK))
    ]
    found = batches([_record(data, number) for number, data in enumerate(packs, 8)], Stream.MIRROR, "here")
    assert [(batch.origin, batch.shard) for batch in found] == [("there", "shard-1"), ("there", "shard-2")]
    assert found[0].entries == [("8", TICK), ("8", END)]
    assert found[1].entries == [("9", TICK), ("9", TICK)]


def test_a_tick_that_tells_of_no_trade_is_spoilt_and_one_of_ours_is_not() -> None:
    """Marks and heartbeats say what they like."""
    ours = Tick("~mark", "m", 1, "any words")
    wrong = Tick("feed", "ACME", 2, "cheap")
    (batch,) = batches(
        [_record(each.text().encode(), number) for number, each in enumerate((ours, wrong, TICK))], Stream.LIVE, "h"
    )
    kinds = [type(found) for _, found in batch.entries]
    assert kinds == [Tick, Spoilt, Tick]


@given(rubbish=st.lists(st.binary(max_size=80), min_size=1, max_size=6), stream=st.sampled_from(Stream))
def test_rubbish_is_spoilt_and_the_good_records_of_the_batch_come_through(rubbish: list[bytes], stream: Stream) -> None:
    """Nothing raises, nothing is lost, whatever lies between."""
    good = TICK.text().encode() if stream is Stream.LIVE else pack(head("there", "s"), [piece("1", TICK.text())])
    records = [_record(data, number) for number, data in enumerate([*rubbish, good])]
    entries = [each for batch in batches(records, stream, "here") for each in batch.entries]
    assert len(entries) == len(rubbish) + 1
    assert (str(len(rubbish)), TICK) in entries


def test_positions_are_numbers() -> None:
    """The earliest is not the one that sorts first as text."""
    assert first(["100", "99"]) == "99"
    assert first([]) is None
