"""How the pollers share a stream, outlast trouble, and refuse what they do not play. In brackets: AWS Lambda Developer Guide."""

import asyncio

import pytest
from botocore.exceptions import ClientError
from tests.contract.event_source.emulator_site import EmulatorSite
from tests.contract.event_source.fake_site import FakeSite
from tests.contract.event_source.sites import Hold, Site, calls, flat, mapped, numbered, until

from landbridge.rehearse.emulator.conditions import Conditions, Doorway
from landbridge.rehearse.fabric.event_source.reading import Resharded


def test_mappings_on_one_stream_share_one_read_and_none_waits_for_another(hold: Hold) -> None:
    """Several functions may read the same data [with-kinesis]; ours read each shard at most four times a second for all."""

    async def case(site: Site) -> None:
        for _ in range(3):
            await mapped(site)
        shard = site.stream, "shardId-000000000000"
        reads = site.driver.reads.get(shard, 0)
        began = site.now()
        await site.put(*numbered(range(5)))
        await until(lambda: sorted(flat(site)), sorted([*range(5)] * 3))
        await asyncio.sleep(1.0)
        assert site.driver.reads[shard] - reads <= 4 * (site.now() - began) + 1

    hold(case)


def test_a_mapping_that_is_stuck_holds_up_no_other(in_memory: Hold) -> None:
    """Each mapping has its own place [with-kinesis]: one whose batch fails for ever stops reading, the other goes on."""

    async def case(site: FakeSite) -> None:
        await site.put({"n": 0, "fail": "raise"})
        await mapped(site, BatchSize=1)
        healthy = {"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": site.now() + 0.001}
        await asyncio.sleep(1)
        await mapped(site, BatchSize=500, **healthy)
        await site.put(*numbered(range(1, 1100)))
        await until(lambda: len(set(flat(site))), 1100, seconds=120)

    in_memory(case)


def test_an_outage_holds_records_back_and_loses_none(emulator: Hold) -> None:
    """Errors without an invocation are retried until the records expire [kinesis-on-failure-destination]."""

    async def case(site: EmulatorSite) -> None:
        await mapped(site, MaximumRetryAttempts=0)
        await site.put({"n": 0})
        await until(lambda: flat(site), [0])
        site.region.door.set(Conditions(doorway=Doorway.CUT))
        await asyncio.sleep(0.7)
        site.region.door.set(Conditions(throttle=0.5))
        await asyncio.sleep(0.7)
        site.region.door.set(Conditions())
        await site.put({"n": 1})
        await until(lambda: sorted(set(flat(site))), [0, 1])  # an answer lost with the region comes again

    emulator(case)


def test_a_poller_that_dies_before_its_checkpoint_gives_records_again(hold_detail: Hold) -> None:
    """Each event at least once, duplicates can occur [invocation-eventsourcemapping, Warning]; no record is skipped."""

    async def case(site: Site) -> None:
        site.driver.knobs.crash = 0.5
        try:
            await site.put(*numbered(range(12)))
            await mapped(site, BatchSize=2)
            await until(lambda: sorted(set(flat(site))), list(range(12)), seconds=60)
        finally:
            site.driver.knobs.crash = 0.0
        assert list(dict.fromkeys(flat(site))) == list(range(12))
        assert len(flat(site)) > 12

    hold_detail(case)


def test_where_no_mapping_exists_nothing_is_asked(in_memory: Hold) -> None:
    """Ours: a world without mappings pays nothing for them, before the first and after the last."""

    async def case(site: FakeSite) -> None:
        await asyncio.sleep(60)
        assert site.region.functions.looks == 0
        await site.request("DELETE", await mapped(site), {})
        await asyncio.sleep(5)
        looks = site.region.functions.looks
        await site.put({"n": 0})
        await asyncio.sleep(60)
        assert (site.region.functions.looks, calls(site)) == (looks, [])

    in_memory(case)


def test_stall_and_delay_hold_records_back(in_memory: Hold) -> None:
    """The knobs work while records flow."""

    async def case(site: FakeSite) -> None:
        await mapped(site)
        site.driver.knobs.stalled = True
        await site.put({"n": 0})
        await asyncio.sleep(60)
        assert calls(site) == []
        site.driver.knobs.stalled, site.driver.knobs.delay = False, 7.0
        await asyncio.sleep(6)
        assert calls(site) == []
        await until(lambda: flat(site), [0], seconds=3)

    in_memory(case)


def test_other_shards_under_a_mapping_end_the_world_with_a_sentence(in_memory: Hold) -> None:
    """Ours, not AWS's: the emulator loses records when it reshards, so it is refused rather than played."""

    async def case(site: FakeSite) -> None:
        await mapped(site)
        site.region.kinesis.streams[site.stream]["shardId-000000000001"] = []
        site.region.kinesis.children.add("shardId-000000000001")
        await asyncio.sleep(5)

    with pytest.raises(Resharded, match="keep the number of shards"):
        in_memory(case)


def test_the_door_refuses_to_reshard_and_what_is_not_played(emulator: Hold) -> None:
    """Ours, not AWS's: a sentence at the call instead of silent loss later."""

    async def case(site: EmulatorSite) -> None:
        with pytest.raises(ClientError, match="keep the number of shards"):
            await site.region.call(
                "kinesis", "update_shard_count", StreamName=site.name, TargetShardCount=2, ScalingType="UNIFORM_SCALING"
            )
        with pytest.raises(ClientError, match="does not play TumblingWindowInSeconds"):
            await mapped(site, TumblingWindowInSeconds=5)
        assert await site.states() == {}

    emulator(case)
