"""What AWS does with a batch that fails. Pages named in brackets are of the AWS Lambda Developer Guide."""

import asyncio

import pytest
from tests.contract.event_source.emulator_site import EmulatorSite
from tests.contract.event_source.fake_site import FakeSite
from tests.contract.event_source.sites import Hold, Site, calls, flat, mapped, numbered, until

REPORTS = ["ReportBatchItemFailures"]


def to(destination: str) -> dict[str, object]:
    """The setting that names a destination."""
    return {"OnFailure": {"Destination": destination}}


def test_a_batch_that_fails_comes_again_whole_and_nothing_overtakes_it(hold_detail: Hold) -> None:
    """Lambda retries the batch, and processes no more of the shard until it succeeds [kinesis-on-failure-destination]."""

    async def case(site: Site) -> None:
        await site.put({"n": 0}, {"n": 1, "fail": "raise", "times": 2}, {"n": 2}, {"n": 3})
        await mapped(site, BatchSize=3)
        await until(lambda: calls(site), [[0, 1, 2], [0, 1, 2], [0, 1, 2], [3]])

    hold_detail(case)


def test_after_its_retries_a_batch_is_given_up_and_the_rest_goes_on(hold: Hold) -> None:
    """MaximumRetryAttempts; the queue gets the documented record with the position [kinesis-on-failure-destination]."""

    async def case(site: Site) -> None:
        await site.put({"n": 0}, {"n": 1, "fail": "raise"}, {"n": 2})
        uuid = await mapped(site, BatchSize=2, MaximumRetryAttempts=1, DestinationConfig=to(site.queue))
        await until(lambda: calls(site), [[0, 1], [0, 1], [2]])
        (told,) = await site.aside()
        asked, batch = told["requestContext"], told["KinesisBatchInfo"]
        assert (asked["condition"], asked["approximateInvokeCount"]) == ("RetryAttemptsExhausted", 2)
        assert asked["functionArn"].endswith(":function:contract")
        assert told["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
        assert (batch["batchSize"], batch["shardId"], batch["streamArn"]) == (2, "shardId-000000000000", site.stream)
        assert int(batch["startSequenceNumber"]) < int(batch["endSequenceNumber"])
        assert batch["approximateArrivalOfFirstRecord"].endswith("Z")
        assert told["version"] == "1.0"
        assert "payload" not in told
        assert uuid

    hold(case)


def test_a_bucket_gets_the_whole_event(hold_detail: Hold) -> None:
    """`payload` is the event as text, under aws/lambda/ESM/shard/YYYY/MM/DD/time-uuid [kinesis-on-failure-destination]."""

    async def case(site: Site) -> None:
        await site.put({"n": 7, "fail": "raise"})
        uuid = await mapped(site, MaximumRetryAttempts=0, DestinationConfig=to(site.bucket))
        await until(lambda: _count(site), 1)
        ((key, told),) = (await site.objects()).items()
        head, shard, year, month, day, name = key.rsplit("/", 5)
        assert (head, shard) == (f"aws/lambda/{uuid}", "shardId-000000000000")
        assert name.startswith(f"{year}-{month}-{day}T")
        assert '"eventSource":"aws:kinesis"' in told["payload"]
        assert told["KinesisBatchInfo"]["startSequenceNumber"] in told["payload"]

    hold_detail(case)


async def _count(site: Site) -> int:
    return len(await site.objects())


def test_without_a_destination_what_is_given_up_is_gone(hold_detail: Hold) -> None:
    """Lambda discards the records and continues [kinesis-on-failure-destination]."""

    async def case(site: Site) -> None:
        await site.put({"n": 0, "fail": "raise"}, {"n": 1})
        await mapped(site, BatchSize=1, MaximumRetryAttempts=0)
        await until(lambda: calls(site), [[0], [1]])

    hold_detail(case)


def test_bisecting_isolates_a_bad_record_and_costs_no_retry(hold_detail: Hold) -> None:
    """Splitting batches doesn't consume the retry quota [kinesis-on-failure-destination]."""

    async def case(site: Site) -> None:
        await site.put(*numbered(range(5)), {"n": 5, "fail": "raise"}, *numbered(range(6, 8)))
        settings = {"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 1, "DestinationConfig": to(site.queue)}
        await mapped(site, BatchSize=8, **settings)
        await until(lambda: calls(site)[-1:], [[6, 7]])
        assert calls(site)[1:] == [[0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [5], [6, 7]]
        (told,) = await site.aside()
        assert (told["KinesisBatchInfo"]["batchSize"], told["requestContext"]["approximateInvokeCount"]) == (1, 2)

    hold_detail(case)


def test_a_report_restarts_at_the_lowest_sequence_number(hold: Hold) -> None:
    """Lambda uses the lowest as the checkpoint and retries from there [services-kinesis-batchfailurereporting]."""

    async def case(site: Site) -> None:
        failing = {"fail": "report", "times": 1}
        await site.put({"n": 0}, {"n": 1}, {"n": 2, **failing}, {"n": 3}, {"n": 4, **failing}, {"n": 5})
        await mapped(site, FunctionResponseTypes=REPORTS)
        await until(lambda: calls(site), [[0, 1, 2, 3, 4, 5], [2, 3, 4, 5]])

    hold(case)


def test_a_report_nobody_asked_for_is_not_read(hold_detail: Hold) -> None:
    """Responses are not processed unless the feature is turned on [services-kinesis-batchfailurereporting, Note]."""

    async def case(site: Site) -> None:
        await site.put({"n": 0, "fail": "report"}, {"n": 1})
        await mapped(site, BatchSize=1)
        await until(lambda: calls(site), [[0], [1]])

    hold_detail(case)


def test_a_report_that_names_no_record_fails_the_batch(hold_detail: Hold) -> None:
    """An empty, null or misnamed itemIdentifier is a complete failure [services-kinesis-batchfailurereporting]."""

    async def case(site: Site) -> None:
        await site.put({"n": 0}, {"n": 1, "fail": "garble", "times": 1})
        await mapped(site, FunctionResponseTypes=REPORTS)
        await until(lambda: calls(site), [[0, 1], [0, 1]])

    hold_detail(case)


def test_a_report_with_bisecting_splits_at_the_record_and_costs_no_retry(hold_detail: Hold) -> None:
    """The batch is bisected at the returned number, only the rest is retried [services-kinesis-batchfailurereporting]."""

    async def case(site: Site) -> None:
        failing = {"fail": "report", "times": 1}
        await site.put(*(one for n in range(0, 6, 2) for one in ({"n": n}, {"n": n + 1, **failing})))
        settings = {"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 0, "FunctionResponseTypes": REPORTS}
        await mapped(site, DestinationConfig=to(site.queue), **settings)
        await until(lambda: calls(site)[:1], [[0, 1, 2, 3, 4, 5]])
        await until(lambda: sorted(set(flat(site)[6:])), [1, 2, 3, 4, 5])
        await asyncio.sleep(0.5)
        assert calls(site)[1] == [1, 2, 3, 4, 5]
        assert flat(site).count(0) == 1
        assert await site.aside() == []

    hold_detail(case)


def test_records_too_old_are_given_up_without_a_call(hold_detail: Hold) -> None:
    """The maximum age of a record that Lambda sends to a function [services-kinesis-parameters]."""

    async def case(site: Site) -> None:
        await site.put(*numbered(range(3)))
        await asyncio.sleep(6.5)
        await site.put(*numbered(range(3, 5)))
        await mapped(site, MaximumRecordAgeInSeconds=6, DestinationConfig=to(site.queue))
        await until(lambda: flat(site), [3, 4])
        (told,) = await site.aside()
        assert (told["requestContext"]["condition"], told["KinesisBatchInfo"]["batchSize"]) == ("RecordAgeExceeded", 3)

    hold_detail(case)


def test_a_batch_that_keeps_failing_is_given_up_once_it_is_too_old(in_memory: Hold) -> None:
    """Retries end when the records exceed the maximum age, without a limit of retries too [kinesis-on-failure-destination]."""

    async def case(site: FakeSite) -> None:
        await mapped(site, MaximumRecordAgeInSeconds=60, DestinationConfig=to(site.queue))
        await site.put({"n": 0, "fail": "raise"})
        await until(lambda: len(site.region.places.lying), 1, seconds=90)
        (told,) = await site.aside()
        assert told["requestContext"]["condition"] == "RecordAgeExceeded"
        assert told["requestContext"]["approximateInvokeCount"] == len(calls(site))

    in_memory(case)


def test_being_throttled_is_no_attempt(hold_detail: Hold) -> None:
    """Retries don't count throttles where the batch didn't reach the function [services-kinesis-parameters, errors]."""

    async def case(site: Site) -> None:
        await site.throttle(on=True)
        await site.put({"n": 0}, {"n": 1})
        await mapped(site, MaximumRetryAttempts=0, DestinationConfig=to(site.queue))
        await asyncio.sleep(2.0)
        assert calls(site) == []
        await site.throttle(on=False)
        await until(lambda: calls(site), [[0, 1]])
        assert await site.aside() == []

    hold_detail(case)


@pytest.mark.slow
def test_a_timeout_is_the_functions_own_error(emulator: Hold) -> None:
    """A batch that timed out is split and retried like one that failed [kinesis-on-failure-destination]."""

    async def case(site: EmulatorSite) -> None:
        await site.put({"n": 0, "fail": "sleep", "times": 1})
        await mapped(site, MaximumRetryAttempts=1, DestinationConfig=to(site.queue))
        await until(lambda: calls(site), [[0], [0]])
        await asyncio.sleep(0.5)
        assert await site.aside() == []

    emulator(case)


def test_what_the_destination_does_not_take_waits(in_memory: Hold) -> None:
    """Ours, not AWS's: a queue or bucket that says no loses nothing; the lane goes on when it takes the record."""

    async def case(site: FakeSite) -> None:
        site.region.places.full = True
        await site.put({"n": 0, "fail": "raise"}, {"n": 1})
        await mapped(site, BatchSize=1, MaximumRetryAttempts=0, DestinationConfig=to(site.queue))
        await asyncio.sleep(30)
        assert (calls(site), await site.aside()) == ([[0]], [])
        site.region.places.full = False
        await until(lambda: calls(site), [[0], [1]])
        assert len(await site.aside()) == 1

    in_memory(case)
