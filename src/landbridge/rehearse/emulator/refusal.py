"""No, in the words of the service that was asked: clients retry by them, so they must be right."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

SERVICE = re.compile(r"Credential=[^/]+/[0-9]+/[^/]+/(?P<service>[^/]+)/aws4_request")
WORDS = "Rate exceeded"
RESHARDING = re.compile(r"Kinesis_20131202.*\b(UpdateShardCount|SplitShard|MergeShards)")
KEEP_SHARDS = "the rehearsal does not play resharding: the emulator loses records then; keep the number of shards"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status, headers and a body to answer with."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def asked_of(headers: Mapping[str, str]) -> str:
    """The service a signed request is for; empty when it says none."""
    found = SERVICE.search(headers.get("Authorization", ""))
    return found["service"] if found else ""


def throttled(headers: Mapping[str, str]) -> Refusal:
    """What a throttled call to AWS gets, by the protocol its headers speak."""
    content_type = headers.get("Content-Type", "")
    if "cbor" in headers.get("smithy-protocol", ""):
        return _cbor("ThrottlingException", WORDS)
    if "X-Amz-Target" in headers:
        return _json(400, "ThrottlingException", WORDS)
    if "x-www-form-urlencoded" in content_type:
        return _xml(400, "Throttling")
    name = asked_of(headers)
    if name == "s3":
        return _xml(503, "SlowDown")
    if name in {"route53", "cloudfront"}:
        return _xml(400, "Throttling")
    return _json(429, "TooManyRequestsException", WORDS)


def resharding(headers: Mapping[str, str], raw_path: str) -> Refusal | None:
    """A no to a call that changes a stream's shards, in the protocol it speaks; None for any other call."""
    if not RESHARDING.search(headers.get("X-Amz-Target", raw_path)):
        return None
    code = "ValidationException"
    return _cbor(code, KEEP_SHARDS) if "cbor" in headers.get("smithy-protocol", "") else _json(400, code, KEEP_SHARDS)


def lambda_invalid(words: str) -> Refusal:
    """What Lambda answers to a request it can't grant."""
    return _json(400, "InvalidParameterValueException", words)


def unavailable() -> Refusal:
    """What any call gets from a region that answers but can't serve."""
    return _plain(503, {"message": "Service Unavailable"})


def api_throttled() -> Refusal:
    """What API Gateway answers when it throttles."""
    return _plain(429, {"message": "Too Many Requests"})


def api_error() -> Refusal:
    """What API Gateway answers when the integration behind it fails."""
    return _plain(500, {"message": "Internal server error"})


def api_timeout() -> Refusal:
    """What API Gateway answers when the integration takes too long."""
    return _plain(504, {"message": "Endpoint request timed out"})


def _plain(status: int, said: Mapping[str, str]) -> Refusal:
    return Refusal(status, {"Content-Type": "application/json"}, json.dumps(said).encode())


def _json(status: int, code: str, words: str) -> Refusal:
    body = json.dumps({"__type": code, "message": words}).encode()
    return Refusal(status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}, body)


def _xml(status: int, code: str) -> Refusal:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{WORDS}</Message></Error>"
    body = f"<ErrorResponse>{error}</ErrorResponse>" if code != "SlowDown" else error
    return Refusal(status, {"Content-Type": "text/xml"}, body.encode())


def _cbor(code: str, words: str) -> Refusal:
    """A map of two short texts needs no library: 0xA2, then texts as 0x78, length, bytes."""
    texts = [bytes((0x78, len(text))) + text.encode() for text in ("__type", code, "message", words)]
    headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
    return Refusal(400, headers, b"\xa2" + b"".join(texts))
