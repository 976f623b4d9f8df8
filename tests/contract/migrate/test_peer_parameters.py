"""The parameter that names the other side, as fake and as SSM parameter."""

from itertools import count

import pytest
from tests.fake_regions import FakePeerApis
from tests.fakes import SOURCE, TARGET

from landbridge.aws.clients import Clients, Timeouts
from landbridge.migrate.adapters.peer_apis import PeerParameters
from landbridge.migrate.steps.connect_apis import PeerApis
from landbridge.model.errors import Unreachable

NUMBERS = count(1)


@pytest.fixture(params=["fake", "parameters"])
def peers(request: pytest.FixtureRequest) -> PeerApis:
    """One suite for both."""
    if request.param == "fake":
        return FakePeerApis()
    clients: Clients = request.getfixturevalue("clients")
    name = f"/trading-platform/test-{next(NUMBERS)}/peer-api"
    return PeerParameters(clients, name, lambda region: f"https://{TARGET if region == SOURCE else SOURCE}.example")


def test_a_region_knows_nothing_until_it_is_told(peers: PeerApis) -> None:
    """None is no error."""
    assert [peers.known(region) for region in (SOURCE, TARGET)] == [None, None]


def test_a_region_believes_what_it_was_told_last(peers: PeerApis) -> None:
    """It alone; twice is once."""
    for url in ("https://one", "https://two", "https://two"):
        peers.write(SOURCE, url)
    assert [peers.known(region) for region in (SOURCE, TARGET)] == ["https://two", None]


def test_a_region_can_forget(peers: PeerApis) -> None:
    """As often as one likes."""
    peers.write(SOURCE, "https://one")
    peers.erase(SOURCE)
    peers.erase(SOURCE)
    assert peers.known(SOURCE) is None


def test_each_side_wants_the_other(peers: PeerApis) -> None:
    """Where it really answers."""
    assert (peers.wanted(SOURCE), peers.wanted(TARGET)) == (f"https://{TARGET}.example", f"https://{SOURCE}.example")


def test_no_answer_is_not_nothing_known() -> None:
    """A region that is out may know very well."""
    clients = Clients({SOURCE: "http://127.0.0.1:9"}, timeouts=Timeouts(attempts=1))
    with pytest.raises(Unreachable, match="GetParameter /x"):
        PeerParameters(clients, "/x", str).known(SOURCE)
