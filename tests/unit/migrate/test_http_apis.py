"""The engine's own requests to the APIs: its marks, and the regions' clocks."""

import json

import pytest
from tests.fake_api import FakeApi, serving
from tests.fakes import SOURCE, Clock

from landbridge.migrate.adapters.http_apis import TRIES, HttpApis
from landbridge.model.errors import Unreachable


def apis(api: FakeApi, clock: Clock) -> HttpApis:
    """All regions answer here; the stopwatch goes by the same clock."""
    return HttpApis(lambda _region: api.url, timeout=2.0, stopwatch=clock)


def test_a_mark_is_one_write_through_the_api() -> None:
    """A PUT of the view, marked as ours, with version and write id."""
    with serving() as api:
        apis(api, Clock()).write(SOURCE, "~canary", "start", 7, "turn-7")
    (asked,) = api.asked
    assert (asked.method, asked.path, asked.headers["x-landbridge-probe"]) == ("PUT", "/state/~canary/start", "1")
    assert json.loads(asked.body) == {"version": 7, "write_id": "turn-7", "value": "mark"}


def test_a_mark_shows_what_the_apis_authorizer_wants_for_exactly_what_is_sent() -> None:
    """Method, address and body, as a signature is made of them."""
    with serving() as api:
        made = HttpApis(lambda _region: api.url, 2.0, entitle=lambda *of: {"authorization": repr(of)})
        made.order(SOURCE, "~canary", 3, "turn-7")
    (asked,) = api.asked
    assert asked.headers["authorization"] == repr(("PUT", f"{api.url}/commands/~canary/3", asked.body))


@pytest.mark.parametrize("status", [409, 503])
def test_a_write_that_was_not_accepted_is_said_so(status: int) -> None:
    """Its outcome is looked up; the answer only says that it must be."""
    with serving() as api:
        api.status = status
        with pytest.raises(Unreachable, match=rf"us-east-1 did not answer \(PUT state: {status}\)"):
            apis(api, Clock()).write(SOURCE, "~canary", "start", 7, "turn-7")


def test_a_write_to_a_region_that_is_out_has_no_outcome() -> None:
    """Nobody listens."""
    with serving() as api:
        pass
    with pytest.raises(Unreachable, match="PUT state: URLError"):
        apis(api, Clock()).write(SOURCE, "~canary", "start", 7, "turn-7")


def test_an_answer_that_breaks_off_has_no_outcome() -> None:
    """The connection was cut in the middle of the body."""
    with serving() as api:
        api.cut = True
        with pytest.raises(Unreachable, match="PUT state: IncompleteRead"):
            apis(api, Clock()).write(SOURCE, "~canary", "start", 7, "turn-7")


def test_the_clock_is_told_by_the_quickest_of_a_few() -> None:
    """Half of the way is taken off."""
    clock = Clock(now=990.0)
    took = iter([0.0, 4.0, 0.0, 1.0, 0.0, 6.0])

    def stopwatch() -> float:
        clock.sleep(next(took))
        return clock.now

    with serving() as api:
        made = HttpApis(lambda _region: api.url, 2.0, stopwatch)
        ahead = made.ahead(SOURCE, clock)
    assert len(api.asked) == TRIES
    assert ahead == pytest.approx(1000.0 - (994.0 + 0.5))


def test_a_region_that_need_not_be_well_tells_the_time() -> None:
    """Its tables are not there yet; whoever must be well is no answer then."""
    with serving() as api:
        api.status = 503
        assert apis(api, Clock()).ahead(SOURCE, Clock(now=990.0), well=False) == 10.0
        with pytest.raises(Unreachable, match="GET health: 503"):
            apis(api, Clock()).ahead(SOURCE, Clock())


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"now": null}', b'{"now": "noon"}'])
def test_an_answer_that_is_not_ours_tells_no_time(body: bytes) -> None:
    """A stranger at that address is no answer."""
    with serving() as api:
        api.body = body
        with pytest.raises(Unreachable, match="not an answer of this API"):
            apis(api, Clock()).ahead(SOURCE, Clock())
