"""The emergency switch writes where its readers look, in the region that stays, and never turns the last region off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from tests.fake_api import FakeApi, serving

from landbridge.aws.clients import Clients
from landbridge.model.errors import BadInput
from landbridge.model.region import Pair, Region
from landbridge.traffic.read_switch import ReadSwitch

S, T = Region("us-east-1"), Region("eu-central-1")


@dataclass
class Bucket:
    """The objects of one region's switch."""

    objects: dict[str, tuple[bytes, Mapping[str, str]]] = field(default_factory=dict)

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str, Metadata: Mapping[str, str]) -> None:  # noqa: N803
        """Kept."""
        del ContentType
        self.objects[f"{Bucket}/{Key}"] = Body, Metadata

    def delete_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803
        """Gone, if it was there."""
        self.objects.pop(f"{Bucket}/{Key}", None)


@dataclass
class Both:
    """S3 of both regions, and nothing else."""

    buckets: dict[Region, Bucket] = field(default_factory=lambda: {S: Bucket(), T: Bucket()})

    def client(self, service: str, region: Region) -> Any:
        """The region's bucket."""
        assert service == "s3"
        return self.buckets[region]


def switch(both: Both, told_by: str = "") -> ReadSwitch:
    """Over both, asking this address whether the region that stays is off."""
    return ReadSwitch(cast("Clients", both), Pair(S, T), lambda region: f"switch-{region}", lambda _: told_by)


def test_what_turns_a_region_off_lies_in_the_other() -> None:
    """With who and why; turned on, it is gone, also when it never was there."""
    both = Both()
    made = switch(both)
    assert made.turn_off(S, "ada", "it answers, and wrongly: 1 €") == f"s3://switch-{T}/peer says 'off'"
    assert both.buckets[T].objects == {f"switch-{T}/peer": (b"off", {"who": "ada", "why": "it answers, and wrongly: 1 ?"})}
    assert not both.buckets[S].objects
    made.turn_on(S)
    made.turn_on(S)
    assert not both.buckets[T].objects


@pytest.mark.parametrize(
    ("status", "body", "cut", "refused"),
    [(200, b"off", False, True), (200, b"on", False, False), (404, b"off", False, False), (200, b"off", True, False)],
)
def test_the_last_region_is_never_turned_off(*, status: int, body: bytes, cut: bool, refused: bool) -> None:
    """As its checkers hear it: who does not answer, or not well, has not said 'off'."""
    both = Both()
    with serving() as api:
        _lay_out(api, status, body, cut=cut)
        made = switch(both, api.url)
        if refused:
            with pytest.raises(BadInput, match=f"{S}: can't be turned off: {T} is off, and one must serve; turn {T} on first"):
                made.turn_off(S, "ada", "why")
        else:
            made.turn_off(S, "ada", "why")
    assert bool(both.buckets[T].objects) is not refused


def test_a_region_nobody_is_at_is_still_turned_off() -> None:
    """A lost region can't be asked, and must not be waited for."""
    both = Both()
    with serving() as api:
        gone = api.url
    switch(both, gone).turn_off(S, "ada", "why")
    assert both.buckets[T].objects


def test_another_name_is_refused() -> None:
    """With the names there are."""
    with pytest.raises(BadInput, match="eu-west-1: is no region of this platform; name us-east-1 or eu-central-1"):
        switch(Both()).turn_off(Region("eu-west-1"), "ada", "why")


def _lay_out(api: FakeApi, status: int, body: bytes, *, cut: bool) -> None:
    api.status, api.body, api.cut = status, body, cut
