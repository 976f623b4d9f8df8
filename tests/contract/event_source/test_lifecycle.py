"""What AWS does when a mapping is made, changed, stopped or deleted. Pages in brackets: AWS Lambda Developer Guide."""

import asyncio

from tests.contract.event_source.fake_site import FakeSite
from tests.contract.event_source.sites import Hold, Site, calls, flat, mapped, numbered, settled, until


def test_a_disabled_mapping_keeps_its_place(hold: Hold) -> None:
    """Lambda keeps track of the last record and resumes there when reenabled [with-kinesis, Enabled]."""

    async def case(site: Site) -> None:
        uuid = await mapped(site)
        await site.put(*numbered(range(3)))
        await until(lambda: flat(site), [0, 1, 2])
        await site.request("PUT", uuid, {"Enabled": False})
        assert await settled(site, uuid) == "Disabled"
        await site.put(*numbered(range(3, 5)))
        await asyncio.sleep(1.5)
        assert flat(site) == [0, 1, 2]
        await site.request("PUT", uuid, {"Enabled": True})
        await until(lambda: flat(site), [0, 1, 2, 3, 4])
        assert await settled(site, uuid) == "Enabled"

    hold(case)


def test_a_mapping_made_disabled_reads_nothing_and_then_begins_at_its_start(hold_detail: Hold) -> None:
    """Enabled false pauses polling; the starting position is where it begins [API_CreateEventSourceMapping]."""

    async def case(site: Site) -> None:
        await site.put({"n": 0})
        uuid = await mapped(site, Enabled=False)
        await asyncio.sleep(1.5)
        assert (calls(site), await site.states()) == ([], {uuid: "Disabled"})
        await site.request("PUT", uuid, {"Enabled": True})
        await until(lambda: flat(site), [0])

    hold_detail(case)


def test_the_state_tells_what_is_under_way(hold: Hold) -> None:
    """Creating, Enabling, Enabled, Disabling, Disabled, Updating, Deleting [API_GetEventSourceMapping, State]."""

    async def case(site: Site) -> None:
        asked = {"EventSourceArn": site.stream, "FunctionName": "contract", "StartingPosition": "TRIM_HORIZON"}
        made = await site.request("POST", "", asked)
        assert made["State"] == "Creating"
        assert await settled(site, made["UUID"]) == "Enabled"
        told = [(await site.request("PUT", made["UUID"], {"BatchSize": 7}))["State"]]
        told.append((await site.request("PUT", made["UUID"], {"Enabled": False}))["State"])
        assert await settled(site, made["UUID"]) == "Disabled"
        told.append((await site.request("PUT", made["UUID"], {"Enabled": True}))["State"])
        assert await settled(site, made["UUID"]) == "Enabled"
        told.append((await site.request("DELETE", made["UUID"], {}))["State"])
        assert told == ["Updating", "Disabling", "Enabling", "Deleting"]
        assert await site.states() == {}

    hold(case)


def test_disabled_means_that_no_invocation_is_under_way(in_memory: Hold) -> None:
    """Disabling until the last batch has come back: whoever reads Disabled may rely on it [API_GetEventSourceMapping]."""

    async def case(site: FakeSite) -> None:
        site.region.functions.seconds = 5.0
        uuid = await mapped(site)
        await site.put({"n": 0})
        await until(lambda: site.region.functions.inside, 1)
        await site.request("PUT", uuid, {"Enabled": False})
        await asyncio.sleep(2)
        assert await site.states() == {uuid: "Disabling"}
        await settled(site, uuid)
        assert (site.region.functions.inside, flat(site)) == (0, [0])

    in_memory(case)


def test_new_settings_hold_from_the_next_batch_on(hold_detail: Hold) -> None:
    """Updated settings are applied asynchronously, and no record is skipped [kinesis-on-failure-destination]."""

    async def case(site: Site) -> None:
        uuid = await mapped(site, BatchSize=2)
        await site.put(*numbered(range(4)))
        await until(lambda: calls(site), [[0, 1], [2, 3]])
        await site.request("PUT", uuid, {"BatchSize": 4, "MaximumBatchingWindowInSeconds": 60})
        await asyncio.sleep(1.5)
        await site.put(*numbered(range(4, 8)))
        await until(lambda: calls(site), [[0, 1], [2, 3], [4, 5, 6, 7]])

    hold_detail(case)


def test_the_factor_may_change_while_records_flow(in_memory: Hold) -> None:
    """Nothing is lost and each key's order holds when its lane is another one [services-kinesis-parameters]."""

    async def case(site: FakeSite) -> None:
        site.region.functions.seconds = 0.3
        uuid = await mapped(site, BatchSize=2, ParallelizationFactor=2)
        for number in range(60):
            await site.put({"n": number}, key=f"key{number % 6}")
        await asyncio.sleep(1)
        await site.request("PUT", uuid, {"ParallelizationFactor": 5})
        await until(lambda: sorted(flat(site)), list(range(60)), seconds=120)
        for key in range(6):
            assert [number for number in flat(site) if number % 6 == key] == list(range(key, 60, 6))

    in_memory(case)


def test_a_deleted_mappings_successor_begins_anew(hold_detail: Hold) -> None:
    """The place belongs to the mapping: another one starts where its own settings say [API_DeleteEventSourceMapping]."""

    async def case(site: Site) -> None:
        await site.put({"n": 0})
        uuid = await mapped(site)
        await until(lambda: flat(site), [0])
        await site.request("DELETE", uuid, {})
        await mapped(site)
        await until(lambda: flat(site), [0, 0])

    hold_detail(case)
