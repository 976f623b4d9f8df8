"""What the rehearsal does not show is named in its report, down to each stack it does not deploy."""

import pytest
from tests.builders import CONFIG, trading

from landbridge.config.load import load
from landbridge.config.rehearsal import Rehearsal
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import also_rehearsed
from landbridge.model.errors import BadInput
from landbridge.rehearse.left_out import left_out

MOVING = {"market": {"feeds": ["direct"], "producers": ["arn:aws:iam::000000000000:role/feeds"]}}


def test_every_stack_that_is_not_deployed_is_named() -> None:
    """Straight from the manifest, so that no list of ours can forget one."""
    manifest = Manifest.read(CONFIG.parent / "templates")
    told = left_out(load(CONFIG / "rehearsal.toml", Rehearsal), manifest)
    absent = {stack.name for stack in manifest.stacks} - {stack.name for stack in manifest.rehearsed().stacks}
    assert set(told[0].name.removeprefix("Stacks not deployed: ").split(", ")) == absent
    assert all(each.sentence.endswith(".") for each in told)


def test_what_a_moving_market_brings_is_deployed_and_not_left_out() -> None:
    """Where feeds are named, its two stacks are rehearsed."""
    manifest, also = Manifest.read(CONFIG.parent / "templates"), also_rehearsed(trading(MOVING))
    assert {stack.name for stack in manifest.rehearsed(also).stacks} - {stack.name for stack in manifest.rehearsed().stacks} == {
        "replicator",
        "transform",
    }
    told = left_out(load(CONFIG / "rehearsal.toml", Rehearsal), manifest, also)[0].name
    assert "transform" not in told
    assert also_rehearsed(trading()) == ()


def test_a_moving_database_brings_its_stacks() -> None:
    """With its bond, whoever applies effects to it, and what changes its password; as it is shipped, none of them."""
    manifest, also = Manifest.read(CONFIG.parent / "templates"), also_rehearsed(trading({"database": {"moves": True}}))
    more = {stack.name for stack in manifest.rehearsed(also).stacks} - {stack.name for stack in manifest.rehearsed().stacks}
    assert more == {"database", "global-database", "effects", "rotation"}


def test_the_version_of_a_database_is_named_where_there_is_one() -> None:
    """And not where none is deployed."""
    manifest, rehearsal = Manifest.read(CONFIG.parent / "templates"), load(CONFIG / "rehearsal.toml", Rehearsal)
    told = {moves: left_out(rehearsal, manifest, ("database",) if moves else ()) for moves in (True, False)}
    assert {moves: any("PostgreSQL" in each.name for each in told[moves]) for moves in told} == {True: True, False: False}


def test_feeds_without_producers_are_refused() -> None:
    """One that stays behind could not be stopped."""
    with pytest.raises(BadInput, match="name the producers too"):
        trading({"market": {"feeds": ["direct"]}})
