"""How AWS cuts and orders batches. Pages named in brackets are of the AWS Lambda Developer Guide."""

import asyncio
import base64
import json

import pytest
from tests.contract.event_source.fake_site import FakeSite
from tests.contract.event_source.sites import Hold, Site, calls, events, flat, mapped, numbered, until


def test_the_event_is_lambdas_own(hold: Hold) -> None:
    """The example record event, field by field [with-kinesis]."""

    async def case(site: Site) -> None:
        await site.put({"n": 1}, key="symbol")
        await mapped(site)
        await until(lambda: flat(site), [1])
        (record,) = events(site)[0]["Records"]
        kinesis = record["kinesis"]
        assert json.loads(base64.b64decode(kinesis["data"])) == {"n": 1}
        assert abs(kinesis["approximateArrivalTimestamp"] - site.now()) < 60
        assert (kinesis["partitionKey"], kinesis["kinesisSchemaVersion"]) == ("symbol", "1.0")
        shard, _, sequence = record["eventID"].partition(":")
        assert (shard, sequence) == ("shardId-000000000000", kinesis["sequenceNumber"])
        told = [record[name] for name in ("eventSource", "eventVersion", "eventName", "awsRegion", "eventSourceARN")]
        assert told == ["aws:kinesis", "1.0", "aws:kinesis:record", "eu-central-1", site.stream]

    hold(case)


def test_the_starting_position_is_kept_to(hold_detail: Hold) -> None:
    """TRIM_HORIZON: all records; AT_TIMESTAMP: from a moment; LATEST: only new ones [services-kinesis-parameters]."""

    async def case(site: Site) -> None:
        await site.put({"n": 1})
        await asyncio.sleep(1.1)
        moment = int(site.now())
        await site.put({"n": 2})
        await asyncio.sleep(0.01)
        await mapped(site, StartingPosition="LATEST")
        await asyncio.sleep(0.01)
        await site.put({"n": 3})
        await until(lambda: flat(site), [3])
        await mapped(site, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=moment)
        await until(lambda: flat(site), [3, 2, 3])
        await mapped(site, StartingPosition="TRIM_HORIZON")
        await until(lambda: flat(site), [3, 2, 3, 1, 2, 3])

    hold_detail(case)


def test_no_batch_is_larger_than_its_size_and_all_are_in_order(hold_detail: Hold) -> None:
    """Up to BatchSize records in a single call, in the shard's order [invocation-eventsourcemapping, Batching behavior]."""

    async def case(site: Site) -> None:
        await site.put(*numbered(range(25)))
        await mapped(site, BatchSize=10)
        await until(lambda: len(flat(site)), 25)
        assert [len(call) for call in calls(site)] == [10, 10, 5]
        assert flat(site) == list(range(25))

    hold_detail(case)


def test_without_a_window_what_is_there_goes_at_once(in_memory: Hold) -> None:
    """By default Lambda invokes as soon as records are available [with-kinesis, Polling and batching streams]."""

    async def case(site: FakeSite) -> None:
        await mapped(site, BatchSize=100)
        await site.put({"n": 1})
        await until(lambda: calls(site), [[1]], seconds=1)

    in_memory(case)


def test_a_window_gathers_until_it_ends(in_memory: Hold) -> None:
    """Until the window expires, the batch is full or 6 MB are reached [with-kinesis, Polling and batching streams]."""

    async def case(site: FakeSite) -> None:
        await mapped(site, BatchSize=100, MaximumBatchingWindowInSeconds=2)
        await site.put({"n": 1})
        await asyncio.sleep(0.5)
        assert calls(site) == []
        await site.put({"n": 2})
        await until(lambda: calls(site), [[1, 2]], seconds=2)

    in_memory(case)


def test_a_full_batch_does_not_wait_for_its_window(hold_detail: Hold) -> None:
    """The batch size is met: the function is invoked [invocation-eventsourcemapping, Batching behavior]."""

    async def case(site: Site) -> None:
        await mapped(site, BatchSize=3, MaximumBatchingWindowInSeconds=300)
        await site.put(*numbered(range(7)))
        await until(lambda: calls(site), [[0, 1, 2], [3, 4, 5]])

    hold_detail(case)


def test_the_next_window_begins_when_the_invocation_ends(in_memory: Hold) -> None:
    """For Kinesis a window begins as soon as the previous invocation completes [invocation-eventsourcemapping]."""

    async def case(site: FakeSite) -> None:
        site.region.functions.seconds = 3.0
        await mapped(site, BatchSize=2, MaximumBatchingWindowInSeconds=10)
        began = site.now()
        await site.put(*numbered(range(3)))
        await until(lambda: len(calls(site)), 2, seconds=60)
        assert 3 + 10 + 3 <= site.now() - began < 17

    in_memory(case)


def test_no_event_is_larger_than_six_megabytes(in_memory: Hold) -> None:
    """The payload size reaches 6 MB: this limit can't be changed [invocation-eventsourcemapping, Batching behavior]."""

    async def case(site: FakeSite) -> None:
        await site.put(*numbered(range(10), filler="x" * 1_000_000))
        await mapped(site, BatchSize=100)
        await until(lambda: flat(site), list(range(10)))
        assert all(len(json.dumps(event)) <= 6_000_000 for event in events(site))
        assert len(calls(site)) == 3

    in_memory(case)


def test_lanes_work_side_by_side_and_keep_each_keys_order(hold: Hold) -> None:
    """Up to ParallelizationFactor batches of a shard at once, a key's records in order [services-kinesis-parameters]."""

    async def case(site: Site) -> None:
        for number in range(40):
            await site.put({"n": number}, key=f"key{number % 8}")
        await mapped(site, BatchSize=2, ParallelizationFactor=5)
        await until(lambda: len(flat(site)), 40)
        for key in range(8):
            assert [number for number in flat(site) if number % 8 == key] == list(range(key, 40, 8))

    hold(case)


@pytest.mark.parametrize("factor", [1, 3])
def test_never_more_invocations_at_once_than_lanes(in_memory: Hold, factor: int) -> None:
    """Lambda processes one batch of a shard at a time, or as many as the factor says [with-kinesis]."""

    async def case(site: FakeSite) -> None:
        site.region.functions.seconds = 1.0
        for number in range(60):
            await site.put({"n": number}, key=f"key{number}")
        await mapped(site, BatchSize=2, ParallelizationFactor=factor)
        await until(lambda: len(flat(site)), 60, seconds=120)
        assert site.region.functions.most_inside == factor

    in_memory(case)


def test_a_batch_holds_records_of_one_shard(hold_detail: Hold) -> None:
    """Each batch contains records from a single shard [with-kinesis, Polling and batching streams]."""

    async def case(site: Site) -> None:
        for number in range(20):
            await site.put({"n": number}, key=f"key{number}")
        await mapped(site, BatchSize=20)
        await until(lambda: sorted(flat(site)), list(range(20)))
        shards = [{record["eventID"].partition(":")[0] for record in event["Records"]} for event in events(site)]
        assert all(len(of) == 1 for of in shards)
        assert len(set.union(*shards)) == 2

    hold_detail(case, shards=2)
