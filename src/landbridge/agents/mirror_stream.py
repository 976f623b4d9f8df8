"""Puts packs into a mirror stream by PutRecords, its body and answer spelled and read here instead of by botocore.

botocore still finds the endpoint, signs, connects and tells errors apart; only its walk over every record by the
service's model is left out, by its own events. What that saves is in decision 50.
"""

import json
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from landbridge.agents.lines import Pack
from landbridge.model.errors import Refused

NOT_STORED = frozenset(
    {
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
    }
)
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which packs of a request are known to be stored; where `unknown`, the others may be, too."""

    stored: Sequence[bool]
    unknown: bool = False


class MirrorStream:
    """One mirror stream; `kinesis` is a client of its region for this alone, without second tries and without validation."""

    def __init__(self, kinesis: Any, name: str, region: str) -> None:
        self._kinesis, self._name, self._region = kinesis, name, region
        events = kinesis.meta.events
        events.register("before-parameter-build.kinesis.PutRecords", _keep_body)
        events.register("before-call.kinesis.PutRecords", _send_body)
        events.register("before-parse.kinesis.PutRecords", _leave_answer)

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """One request, once. Raises Refused where trying again is of no use."""
        try:
            raw = self._kinesis.put_records(StreamName=self._name, Body=self._body(packs))["Raw"]
            stored = ["ErrorCode" not in each for each in json.loads(raw)["Records"]]
        except ClientError as error:
            return self._failed(error, len(packs))
        except (HTTPClientError, ValueError, KeyError):  # silence, or an answer cut short: it may have been carried out
            stored = []
        if len(stored) != len(packs):
            return Outcome([False] * len(packs), unknown=True)
        return Outcome(stored)

    def _failed(self, error: ClientError, packs: int) -> Outcome:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code not in NOT_STORED and status < SERVER_ERROR:
            raise Refused(self._region, f"PutRecords {self._name}", code) from error
        return Outcome([False] * packs, unknown=code not in NOT_STORED)

    def _body(self, packs: Sequence[Pack]) -> bytes:
        records = b",".join(
            [b'{"Data":"%b","PartitionKey":%b}' % (b2a_base64(pack.data(), newline=False), _quoted(pack.key)) for pack in packs]
        )
        return b'{"StreamName":%b,"Records":[%b]}' % (_quoted(self._name), records)


def _quoted(text: str) -> bytes:
    """Text as JSON spells it."""
    return encode_basestring_ascii(text).encode()


def _keep_body(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context["body"] = params.pop("Body")


def _send_body(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    params["body"] = context["body"]


def _leave_answer(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """An error is left to botocore; of an answer it sees nothing to parse."""
    if response_dict["status_code"] == 200:
        customized_response_dict["Raw"], response_dict["body"] = response_dict["body"], b"{}"
