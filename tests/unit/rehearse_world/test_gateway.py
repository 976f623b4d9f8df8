"""API requests are told from calls to AWS, by path or by host."""

import pytest

from landbridge.rehearse.emulator.gateway import ApiRequest, api_region, api_request


def test_an_api_is_addressed_by_path() -> None:
    """The emulator's own address is understood, query included."""
    found = api_request("127.0.0.1:1", "/restapis/ab12/live/_user_request_/state/u/v?x=1")
    assert found == ApiRequest("ab12", "live", "/state/u/v?x=1")


def test_an_api_is_addressed_by_host() -> None:
    """AWS's address becomes the emulator's."""
    found = api_request("AB12.execute-api.eu-central-1.amazonaws.com:443", "/live/state/u%20x/v")
    assert found is not None
    assert found.path == "/restapis/ab12/live/_user_request_/state/u%20x/v"


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1", "/restapis"),
        ("127.0.0.1", "/restapis/ab12/resources"),
        ("bucket.s3.eu-central-1.amazonaws.com", "/live/x"),
        ("ab.execute-api.eu-central-1.amazonaws.com", "/"),
    ],
)
def test_calls_to_aws_are_no_api_requests(host: str, path: str) -> None:
    """The control plane of API Gateway is not one of its APIs."""
    assert api_request(host, path) is None


def test_a_host_tells_its_region() -> None:
    """Only names of regional APIs have one."""
    assert api_region("ab.execute-api.eu-central-1.amazonaws.com.") == "eu-central-1"
    assert api_region("origin.trading.example") is None
