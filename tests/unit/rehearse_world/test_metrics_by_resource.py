"""Requests are counted by resource too, so that a check of health is told from a user."""

from landbridge.rehearse.emulator.gateway import ApiRequest
from landbridge.rehearse.emulator.metrics import _beginning, _data, _Second


def test_each_resource_has_its_own_count_beside_the_stages() -> None:
    """By the beginning of its path, whatever follows."""
    second = _Second()
    for rest in ("/health", "/state/u/v?x=1", "/state/u/w", ""):
        second.latencies[1] += 1
        second.resources[_beginning(ApiRequest("id", "live", rest).rest)] += 1
    counts = {
        tuple(each["Value"] for each in datum["Dimensions"]): datum["Counts"]
        for datum in _data("api", ("id", "live", 7), second)
        if datum["MetricName"] == "Count"
    }
    assert counts == {
        ("api", "live"): [4.0],
        ("api", "live", "/"): [1.0],
        ("api", "live", "/health"): [1.0],
        ("api", "live", "/state"): [2.0],
    }
