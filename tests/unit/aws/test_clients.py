"""The only client factory: region explicit, one retry policy, errors in our words, nothing global."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError

from landbridge.aws.clients import BODY, GLOBAL_HOME, Clients, Timeouts, said, speaking, translated
from landbridge.model.errors import LandbridgeError, Refused, Unreachable
from landbridge.model.region import Region

EAST, WEST = Region("us-east-1"), Region("eu-west-1")
DOORS = {EAST: "http://127.0.0.1:1001", WEST: "http://127.0.0.1:1002"}


def error(code: str, status: int = 400) -> ClientError:
    """AWS says no."""
    return ClientError({"Error": {"Code": code, "Message": "because"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutItem")


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (error("RequestTimeout"), Unreachable("r", "PutItem: RequestTimeout")),
        (error("InternalServerError", 500), Unreachable("r", "PutItem: InternalServerError")),
        (error("ServiceUnavailable", 503), Unreachable("r", "PutItem: ServiceUnavailable")),
        (error("Whatever", 502), Unreachable("r", "PutItem: Whatever")),
        (error("", 504), Unreachable("r", "PutItem: 504")),
        (error("Throttling"), Unreachable("r", "PutItem: Throttling")),
        (error("ThrottlingException"), Unreachable("r", "PutItem: ThrottlingException")),
        (error("TooManyRequestsException", 429), Unreachable("r", "PutItem: TooManyRequestsException")),
        (error("PriorRequestNotComplete"), Unreachable("r", "PutItem: PriorRequestNotComplete")),
        (error("ProvisionedThroughputExceededException"), Unreachable("r", "PutItem: ProvisionedThroughputExceededException")),
        (error("AccessDeniedException"), Refused("r", "PutItem", "AccessDeniedException: because")),
        (error("ConditionalCheckFailedException"), Refused("r", "PutItem", "ConditionalCheckFailedException: because")),
        (ClientError({}, "PutItem"), Refused("r", "PutItem", ": ")),
        (EndpointConnectionError(endpoint_url="x"), Unreachable("r", "PutItem: EndpointConnectionError")),
        (ReadTimeoutError(endpoint_url="x"), Unreachable("r", "PutItem: ReadTimeoutError")),
        (ConnectTimeoutError(endpoint_url="x"), Unreachable("r", "PutItem: ConnectTimeoutError")),
    ],
)
def test_errors_come_out_in_our_words(problem: Any, expected: LandbridgeError) -> None:
    """No answer, or too much asked: the outcome is looked up. A plain no: AWS's own words."""
    assert translated(problem, "r", "PutItem") == expected
    with pytest.raises(type(expected)) as told, speaking("r", "PutItem"):
        raise problem
    assert told.value == expected
    assert told.value.__cause__ is problem


def test_other_errors_pass_untouched() -> None:
    """A mistake of ours is not dressed up as AWS's."""
    with pytest.raises(KeyError), speaking("r", "PutItem"):
        raise KeyError("ours")


def test_missing_credentials_are_not_an_outage() -> None:
    """Botocore's own complaint is named."""
    assert "NoCredentialsError" in str(translated(NoCredentialsError(), "r", "PutItem"))


def test_the_short_name_of_an_error_may_be_missing() -> None:
    """Then it is empty."""
    assert (said(error("Throttling")), said(ClientError({}, "x"))) == ("Throttling", "")


def test_each_region_has_its_own_door() -> None:
    """A client reaches the endpoint of the region it was asked for."""
    clients = Clients(DOORS)
    made = {region: clients.client("dynamodb", region) for region in DOORS}
    assert {region: client.meta.endpoint_url for region, client in made.items()} == DOORS
    assert {region: client.meta.region_name for region, client in made.items()} == {EAST: EAST, WEST: WEST}


@pytest.mark.parametrize("service", ["route53", "cloudfront", "iam"])
def test_global_services_answer_from_their_home(service: str) -> None:
    """Whatever region was asked for."""
    client = Clients(DOORS).client(service, WEST)
    assert client.meta.endpoint_url == DOORS[GLOBAL_HOME]


def test_without_doors_aws_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the region that was named, whatever the environment names."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert Clients().client("dynamodb", WEST).meta.endpoint_url == "https://dynamodb.eu-west-1.amazonaws.com"


def test_a_profile_names_the_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the operator's own files."""
    (tmp_path / "credentials").write_text("[trading]\naws_access_key_id = one\naws_secret_access_key = two\n", encoding="utf-8")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    client = Clients(profile="trading").client("sts", WEST)
    assert client._request_signer._credentials.access_key == "one"


def test_what_no_client_sends_is_signed_by_the_same_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the profile; an emulator behind doors asks for none."""
    (tmp_path / "credentials").write_text("[movers]\naws_access_key_id = AKIAMOVERS\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    assert Clients(profile="movers").credentials().access_key == "AKIAMOVERS"
    assert Clients(DOORS).credentials() is None


def test_retries_are_off_where_a_late_repetition_would_do_harm() -> None:
    """One attempt in all; else as often as was set."""
    clients = Clients(DOORS, timeouts=Timeouts(connect=1.5, read=2.5, attempts=3))
    configs = {retries: clients.client("dynamodb", EAST, retries=retries).meta.config for retries in (True, False)}
    assert {retries: config.retries["total_max_attempts"] for retries, config in configs.items()} == {True: 3, False: 1}
    assert {(config.connect_timeout, config.read_timeout) for config in configs.values()} == {(1.5, 2.5)}


def test_a_client_is_made_once() -> None:
    """Also when many threads ask at once."""
    clients = Clients(DOORS)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: id(clients.client("dynamodb", EAST)), range(16)))
    assert len(set(made)) == 1
    assert id(clients.client("dynamodb", EAST, retries=False)) not in made


def test_nothing_is_global(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3's own default session is never made, and two factories share nothing."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # another test's function code may have made one
    one, other = Clients(DOORS), Clients(DOORS)
    assert one.client("s3", EAST) is not other.client("s3", EAST)
    assert boto3.DEFAULT_SESSION is None


def test_buckets_are_named_in_the_path_at_a_door() -> None:
    """No name server knows a bucket's host there."""
    assert Clients(DOORS).client("s3", EAST).meta.config.s3 == {"addressing_style": "path"}


def test_an_api_is_reached_past_every_shared_name() -> None:
    """At a door by its path, at AWS by its own host."""
    assert Clients(DOORS).api_url("abc", WEST, "live") == "http://127.0.0.1:1002/restapis/abc/live/_user_request_"
    assert Clients().api_url("abc", WEST, "live") == "https://abc.execute-api.eu-west-1.amazonaws.com/live"


def test_an_unparsed_answer_is_the_bytes_as_they_came() -> None:
    """Good ones only: an error still goes through botocore's parser, and so through its retries."""
    answers: list[dict[str, Any]] = [{"status_code": status, "headers": {}, "body": b'{"Items":[]}'} for status in (200, 400)]
    customized: list[dict[str, Any]] = [{}, {}]
    client = Clients(endpoints=DOORS).unparsed("dynamodb", EAST)
    for answer, custom in zip(answers, customized, strict=True):
        client.meta.events.emit("before-parse.dynamodb.Scan", response_dict=answer, customized_response_dict=custom)
    assert customized == [{BODY: b'{"Items":[]}'}, {}]
    assert [answer["body"] for answer in answers] == [b"", b'{"Items":[]}']
