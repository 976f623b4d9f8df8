"""One factory for AWS clients: region always explicit, one retry policy, nothing global.

A factory is handed to whoever needs AWS. The rehearsal hands in one with endpoints (the front doors), the cloud
one with a profile or the ambient credentials; nobody else builds a client.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from landbridge.config.calls import CONNECT_SECONDS, READ_SECONDS
from landbridge.model.errors import LandbridgeError, Refused, Unreachable
from landbridge.model.region import Region

GLOBAL_HOME = Region("us-east-1")  # where Route 53, CloudFront and IAM answer
BODY = "Body"  # under which an unparsed answer holds its bytes
GLOBAL_SERVICES = frozenset({"route53", "cloudfront", "iam"})
NO_ANSWER = frozenset({"RequestTimeout", "InternalServerError", "InternalFailure", "ServiceUnavailable"})
THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "PriorRequestNotComplete",  # Route 53 is still busy with the zone's last change
    }
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a call may take, in seconds, and how often it is tried in all."""

    connect: float = 2.0
    read: float = 10.0
    attempts: int = 4

    @property
    def once(self) -> float:
        """After how many seconds one try is given up, and can't arrive any more."""
        return self.connect + self.read


PATIENT = Timeouts(CONNECT_SECONDS, READ_SECONDS, attempts=2)  # an engine's


@dataclass(frozen=True)
class Clients:
    """Builds and keeps clients for one way of reaching AWS. Safe to share between threads."""

    endpoints: Mapping[Region, str] = field(default_factory=dict)
    profile: str | None = None
    timeouts: Timeouts = Timeouts()
    _made: dict[tuple[str, Region, bool], Any] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """The client of a service in a region. Without retries for acts whose late repetition would do harm."""
        where = GLOBAL_HOME if service in GLOBAL_SERVICES else region
        with self._lock:
            made = self._made.get((service, where, retries))
            if made is None:
                made = self._make(service, where, attempts=self.timeouts.attempts if retries else 1)
                self._made[service, where, retries] = made
            return made

    def unparsed(self, service: str, region: Region) -> Any:
        """A client of its own whose good answers are the bytes as they came, under BODY, for whoever reads much."""
        made = self._make(service, region, attempts=self.timeouts.attempts)
        made.meta.events.register(f"before-parse.{service}", _hand_over)
        return made

    def _make(self, service: str, region: Region, *, attempts: int) -> Any:
        config = Config(
            connect_timeout=self.timeouts.connect,
            read_timeout=self.timeouts.read,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=32,
            s3={"addressing_style": "path"} if self.endpoints else {},
        )
        if not self.endpoints:
            session = boto3.session.Session(profile_name=self.profile)
            return session.client(service, region_name=region, config=config)
        session = boto3.session.Session(aws_access_key_id="rehearsal", aws_secret_access_key="rehearsal")  # noqa: S106 the emulator takes any
        client = session.client(service, region_name=region, endpoint_url=self.endpoints[region], config=config)
        client.meta.events.register("before-call.s3-control", _same_host)
        return client

    def credentials(self) -> Any:
        """By which a request is signed that no client of AWS sends; None = there are none."""
        return None if self.endpoints else boto3.session.Session(profile_name=self.profile).get_credentials()

    def api_url(self, api: str, region: Region, stage: str) -> str:
        """Where a region's REST API answers, reached past every shared name."""
        if self.endpoints:
            return f"{self.endpoints[region]}/restapis/{api}/{stage}/_user_request_"
        return f"https://{api}.execute-api.{region}.amazonaws.com/{stage}"


def _hand_over(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_rest: Any) -> None:
    """Errors still go through botocore's parser, and so through its retries."""
    if response_dict["status_code"] == 200:
        customized_response_dict[BODY] = response_dict["body"]
        response_dict["body"] = b""


def _same_host(params: dict[str, Any], **_rest: Any) -> None:
    """S3 Control puts the account before the host's name, which a front door's address can't bear."""
    params["url"] = params["url"].replace(f"//{params['headers']['x-amz-account-id']}.", "//", 1)


def said(error: ClientError) -> str:
    """AWS's own short name of an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def translated(error: BotoCoreError | ClientError, region: str, what: str) -> LandbridgeError:
    """An error of botocore in our words: no answer (outcome unknown) or a plain no."""
    if isinstance(error, ClientError):
        code = said(error)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in NO_ANSWER or code in THROTTLED or status >= 500:
            return Unreachable(region, f"{what}: {code or status}")
        return Refused(region, what, f"{code}: {error.response.get('Error', {}).get('Message', '')}")
    return Unreachable(region, f"{what}: {type(error).__name__}")


@contextmanager
def speaking(region: str, what: str) -> Iterator[None]:
    """Errors of botocore inside come out in our words."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise translated(error, region, what) from error
