"""The region's own stores behind the service: sessions, what was accepted under which key, the queue, and uploads.

Each call is tried twice, for each is safe to repeat; then it is Unreachable, and the client is asked to come again. A
session is kept by its token's hash: who reads the table can't use it.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import Unreachable
from landbridge.workloads.payments.event import Event, event
from landbridge.workloads.payments.payment import Payment

SESSION_SECONDS = 12 * 3600
ACCEPTED_SECONDS = 15 * 86400  # longer than an event can lie in the queue
GRANT_SECONDS = 300
TRIES = 2
NONE = ("403", "404")  # a task may not list the bucket, and to such S3 says 403 of what is not there
SAME = "attribute_not_exists(#digest) OR #digest = :digest"


class Calls:
    """Calls to AWS in one region."""

    def __init__(self, region: str) -> None:
        self.region = region

    def __call__(self, act: Callable[..., Any], *expected: str, **how: Any) -> Any:
        """What the call returns; None = it was refused with one of the codes that are expected."""
        for left in reversed(range(TRIES)):
            try:
                return act(**how)
            except ClientError as refused:
                if _code(refused) in expected:
                    return None
                failed: Exception = refused
            except BotoCoreError as lost:
                failed = lost
            if not left:
                raise Unreachable(self.region, type(failed).__name__) from failed
        raise AssertionError


class Table:
    """Sessions, and payments as they were accepted, in the region's copy of the global table."""

    def __init__(self, dynamodb: Any, table: str, region: str, now: Callable[[], float]) -> None:
        self._dynamodb, self._table, self._now, self._call = dynamodb, table, now, Calls(region)

    def begin(self, token: str, customer: str) -> int:
        """Keeps a session; until when, in seconds since 1970."""
        expires = int(self._now()) + SESSION_SECONDS
        self._put({**_session(token), "customer": {"S": customer}, "expires": {"N": str(expires)}})
        return expires

    def customer(self, token: str) -> tuple[str, int] | None:
        """Whose session it is and until when; None = there is none, or it has expired."""
        found = self._get(_session(token))
        expires = int(found["expires"]["N"]) if found else 0
        return (str(found["customer"]["S"]), expires) if found and expires > self._now() else None

    def end(self, token: str) -> None:
        """Forgets a session."""
        self._call(self._dynamodb.delete_item, TableName=self._table, Key=_session(token))

    def accept(self, first: Event) -> bool:
        """Keeps what is asked under its key; False = something else is already asked under it."""
        told = {"digest": {"S": first.digest()}, "event": {"S": first.text()}}
        expires = {"expires": {"N": str(int(self._now()) + ACCEPTED_SECONDS)}}
        return self._put(
            {**_accepted(first.payment), **told, **expires},
            "ConditionalCheckFailedException",
            ConditionExpression=SAME,
            ExpressionAttributeNames={"#digest": "digest"},
            ExpressionAttributeValues={":digest": {"S": first.digest()}},
        )

    def accepted(self, payment: str) -> Payment | None:
        """A payment as it was accepted here, or in the other region some time ago."""
        found = self._get(_accepted(payment))
        return event(found["event"]["S"]).asked if found else None

    def _put(self, item: Mapping[str, Any], *expected: str, **how: Any) -> bool:
        return self._call(self._dynamodb.put_item, *expected, TableName=self._table, Item=item, **how) is not None

    def _get(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        told = self._call(self._dynamodb.get_item, TableName=self._table, Key=key, ConsistentRead=True)
        found: dict[str, Any] | None = told.get("Item")
        return found


class Queue:
    """The region's queue of payment events."""

    def __init__(self, sqs: Any, url: str, region: str) -> None:
        self._sqs, self._url, self._call = sqs, url, Calls(region)

    def put(self, found: Event) -> None:
        """One event, at least once."""
        self._call(self._sqs.send_message, QueueUrl=self._url, MessageBody=found.text())


class Uploads:
    """The region's bucket of uploads; files go there and come from there without passing through the service."""

    def __init__(self, s3: Any, bucket: str, region: str) -> None:
        self._s3, self._bucket, self._call = s3, bucket, Calls(region)

    def grant(self, customer: str, upload: str, kind: str, size: int) -> str:
        """An address that takes one file of this kind and size for a while."""
        file = {"Bucket": self._bucket, "Key": _key(customer, upload), "ContentType": kind, "ContentLength": size}
        return self._signed("put_object", file)

    def fetch(self, customer: str, upload: str) -> tuple[str, str, int] | None:
        """An address that gives the file for a while, its kind and size; None = it was never sent."""
        file = {"Bucket": self._bucket, "Key": _key(customer, upload)}
        found = self._call(self._s3.head_object, *NONE, **file)
        if found is None:
            return None
        return self._signed("get_object", file), str(found["ContentType"]), int(found["ContentLength"])

    def _signed(self, verb: str, file: Mapping[str, Any]) -> str:
        told = self._call(self._s3.generate_presigned_url, ClientMethod=verb, Params=file, ExpiresIn=GRANT_SECONDS)
        return str(told)


def _code(refused: ClientError) -> str:
    return str(refused.response.get("Error", {}).get("Code"))


def _session(token: str) -> dict[str, Any]:
    return {"session": {"S": f"session#{hashlib.sha256(token.encode()).hexdigest()}"}}


def _accepted(payment: str) -> dict[str, Any]:
    return {"session": {"S": f"payment#{payment}"}}


def _key(customer: str, upload: str) -> str:
    return f"uploads/{customer}/{upload}"
