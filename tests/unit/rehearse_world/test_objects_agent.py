"""The agent that copies objects, against S3 in memory: order, lag, faults and doubts."""

from itertools import count

import pytest
from tests.fakes import SOURCE, TARGET
from tests.unit.rehearse_world.objects_world import World, played

from landbridge.model.errors import Unreachable
from landbridge.rehearse.fabric.objects.calls import Change, Kind
from landbridge.rehearse.fabric.objects.ledger import Status


def test_a_version_waits_for_its_lag_and_the_next_of_its_key_behind_it() -> None:
    """Whatever the jitter draws, a key's versions arrive in order, and none before its time."""

    async def story(world: World) -> None:
        await world.rule()
        world.knobs.lag, world.knobs.jitter = 10.0, 0.5
        for number in range(30):
            await world.put("k", str(number))
        world.clock.sleep(4.9)
        await world.agent.step()
        assert world.target.bodies("there", "k") == []
        for _ in range(40):
            world.clock.sleep(0.3)
            await world.agent.step()

    assert played(story).target.bodies("there", "k") == [str(number).encode() for number in range(30)]


@pytest.mark.parametrize("knob", ["stalled", "link_down"])
def test_what_is_held_waits_and_is_told_to_be_pending(knob: str) -> None:
    """Nothing is copied until the knob is back."""

    async def story(world: World) -> None:
        await world.rule()
        setattr(world.knobs, knob, True)
        put = await world.put("k", "1")
        await world.agent.step()
        assert (world.agent.ledger.status(put), world.agent.waiting) == (Status.PENDING, 1)
        setattr(world.knobs, knob, False)
        await world.agent.step()

    assert played(story).target.bodies("there", "k") == [b"1"]


def test_a_target_that_is_out_gets_everything_later_in_order() -> None:
    """A version that found no answer is first in line again."""

    async def story(world: World) -> None:
        await world.rule()
        world.target.down = True
        for number in range(3):
            await world.put("k", str(number))
        with pytest.raises(Unreachable):
            await world.agent.step()
        await world.put("k", "3")
        world.target.down = False
        await world.agent.step()

    assert played(story).target.bodies("there", "k") == [b"0", b"1", b"2", b"3"]


def test_every_nth_copy_fails() -> None:
    """As the knob says, no more and no fewer."""

    async def story(world: World) -> None:
        await world.rule()
        world.knobs.fail_every = 5
        for number in range(50):
            await world.put(f"k{number}", "1")
        await world.agent.step()

    fates = list(played(story).agent.ledger.statuses.values())
    assert fates.count(Status.FAILED) == 10


def test_a_bucket_that_is_not_there_fails_the_copy() -> None:
    """As S3 says it of a destination that is gone."""

    async def story(world: World) -> None:
        await world.rule(Destination={"Bucket": "arn:aws:s3:::nowhere"})
        await world.put("k", "1")
        await world.agent.step()

    assert list(played(story).agent.ledger.statuses.values()) == [Status.FAILED]


def test_a_rule_by_tag_copies_what_carries_it() -> None:
    """The rest has no status at all."""

    async def story(world: World) -> None:
        await world.rule(Filter={"Tag": {"Key": "kind", "Value": "tick"}}, DeleteMarkerReplication={"Status": "Disabled"})
        await world.put("yes", "1", Tagging="kind=tick")
        other = await world.put("no", "1", Tagging="kind=other")
        await world.agent.step()
        assert world.agent.ledger.status(other) is None

    assert list(played(story).target.buckets["there"]) == ["yes"]


def test_a_write_nobody_heard_of_is_found_by_its_key() -> None:
    """And what lay there before is not taken for new."""

    async def story(world: World) -> None:
        await world.rule()
        world.source.put_object(Bucket="here", Key="k", Body=b"long ago")
        world.clock.now = 1_000_002.0
        world.source.ids = count(5000)
        world.source.put_object(Bucket="here", Key="k", Body=b"unheard")
        await world.agent.noted(SOURCE, Change(Kind.LOOK, "here", "k"))
        await world.agent.step()

    assert played(story).target.bodies("there", "k") == [b"unheard"]


def test_buckets_that_go_take_what_waits_for_them_along() -> None:
    """A region's stacks are deleted while tags wait and a write's answer was not heard; the agent lives on."""

    async def story(world: World) -> None:
        await world.rule()
        place = await world.put("k", "1")
        await world.agent.step()
        await world.agent.noted(SOURCE, Change(Kind.TAGS, "here", "k", place.version))
        await world.agent.noted(TARGET, Change(Kind.LOOK, "there", "l"))
        del world.target.buckets["there"]
        await world.agent.step()
        assert world.agent.waiting == 0

    played(story)
