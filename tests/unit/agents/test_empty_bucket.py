"""What empties a bucket or a vault always answers, keeps its id, and empties only what is leaving."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from landbridge.agents.empty_bucket import ROUNDS, SPARE_MS, Emptier, handler

ARN = "arn:aws:lambda:eu-central-1:1:function:emptier"


class NoSuchBucket(Exception):
    """As S3 says it."""


@dataclass
class Account:
    """A bucket of versions and markers, the stack it belongs to, and what was answered."""

    objects: list[str] = field(default_factory=list)
    stack: str = "DELETE_IN_PROGRESS"
    gone: bool = False
    refusing: bool = False
    milliseconds: int = 900_000
    page: int = 2
    answers: list[dict[str, Any]] = field(default_factory=list)
    again: list[dict[str, Any]] = field(default_factory=list)
    deaf: int = 0
    backups: dict[str, str] = field(default_factory=dict)

    @property
    def exceptions(self) -> type["Account"]:
        """As a client has them."""
        return type(self)

    NoSuchBucket = ResourceNotFoundException = NoSuchBucket

    def client(self, _service: str) -> "Account":
        """Every service at once."""
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """The stack's status."""
        return {"Stacks": [{"StackStatus": self.stack}]}

    def list_object_versions(self, Bucket: str, MaxKeys: int) -> dict[str, Any]:  # noqa: N803
        """A page of versions and markers."""
        if self.gone:
            raise NoSuchBucket
        some = [{"Key": key, "VersionId": key} for key in self.objects[: self.page]]
        return {"Versions": some[:1], "DeleteMarkers": some[1:]} if some else {}

    def delete_objects(self, Bucket: str, Delete: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803
        """What is named is gone, and it took a while."""
        if self.refusing:
            return {"Errors": [{"Code": "AccessDenied"}]}
        for each in Delete["Objects"]:
            self.objects.remove(each["Key"])
        self.milliseconds -= 10_000
        return {}

    def list_recovery_points_by_backup_vault(self, BackupVaultName: str) -> dict[str, Any]:  # noqa: N803
        """A page of backups, those on their way out among them."""
        if self.gone:
            raise NoSuchBucket
        return {"RecoveryPoints": [{"RecoveryPointArn": arn, "Status": status} for arn, status in self.backups.items()]}

    def delete_recovery_point(self, BackupVaultName: str, RecoveryPointArn: str) -> None:  # noqa: N803
        """On its way out, and no second time."""
        assert self.backups[RecoveryPointArn] != "DELETING"
        self.backups[RecoveryPointArn] = "DELETING"

    def sleep(self, seconds: float) -> None:
        """While one waits, backups go."""
        self.milliseconds -= int(seconds * 1000)
        self.backups = {arn: status for arn, status in self.backups.items() if status != "DELETING"}

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803
        """Another round."""
        assert (FunctionName, InvocationType) == (ARN, "Event")
        self.again.append(json.loads(Payload))

    def send(self, _url: str, body: bytes) -> None:
        """CloudFormation's ear, deaf as often as it was told to be."""
        if self.deaf:
            self.deaf -= 1
            raise ConnectionError
        assert len(body) <= 4096
        self.answers.append(json.loads(body))

    @property
    def invoked_function_arn(self) -> str:
        """Of the context."""
        return ARN

    def get_remaining_time_in_millis(self) -> int:
        """Of the context."""
        return self.milliseconds


def _event(kind: str = "Delete", **more: Any) -> dict[str, Any]:
    known = {} if kind == "Create" else {"PhysicalResourceId": "emptied b"}
    ids = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "l", "ResponseURL": "http://127.0.0.1:1"}
    return {"RequestType": kind, "ResourceProperties": {"BucketName": "b"}, **ids, **known, **more}


def _after(account: Account, event: Mapping[str, Any]) -> Account:
    Emptier(account.client, account.send, account.sleep).handle(event, account)
    return account


def test_a_leaving_stack_loses_every_version_and_marker() -> None:
    """Page after page until a look finds none, and the answer says how many."""
    account = _after(Account(list("abcde")), _event())
    assert account.objects == []
    (told,) = account.answers
    assert (told["Status"], told["Reason"]) == ("SUCCESS", "b is empty: 5 deleted")
    assert {told[name] for name in ("StackId", "RequestId", "LogicalResourceId")} == {"s", "r", "l"}


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "CREATE_COMPLETE"])
def test_a_stack_that_stays_keeps_its_objects(status: str) -> None:
    """Taken out of a template, or renamed in it, the resource goes and the objects stay."""
    account = _after(Account(["a"], stack=status), _event())
    assert account.objects == ["a"]
    assert account.answers[0]["Status"] == "SUCCESS"


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_the_id_is_the_bucket_and_never_changes_on_update(kind: str) -> None:
    """A changed id would have CloudFormation delete the old one (wrong 11)."""
    account = _after(Account(["a"]), _event(kind))
    assert (account.answers[0]["PhysicalResourceId"], account.objects) == ("emptied b", ["a"])


@pytest.mark.parametrize("properties", [{"BucketName": "b"}, {"VaultName": "v"}])
def test_what_is_gone_is_empty(properties: dict[str, str]) -> None:
    """Deleting twice is deleting once."""
    assert _after(Account(gone=True), _event(ResourceProperties=properties)).answers[0]["Status"] == "SUCCESS"


def test_a_vault_is_empty_when_its_backups_are_gone_and_not_when_they_were_told_to_go() -> None:
    """A vault with a backup on its way out can't be deleted either."""
    account = Account(backups={"a": "COMPLETED", "b": "EXPIRED", "c": "DELETING"})
    (told,) = _after(account, _event(ResourceProperties={"VaultName": "v"}, PhysicalResourceId="emptied v")).answers
    assert account.backups == {}
    assert (told["Status"], told["Reason"], told["PhysicalResourceId"]) == ("SUCCESS", "v is empty: 2 deleted", "emptied v")


@pytest.mark.parametrize(
    ("account", "event", "reason"),
    [
        (Account(), _event(ResourceProperties={}), "KeyError: 'BucketName'"),
        (Account(["a"], refusing=True), _event(), "PermissionError: b: 1 can't be deleted, the first because AccessDenied"),
    ],
)
def test_what_fails_is_answered_with_its_reason(account: Account, event: dict[str, Any], reason: str) -> None:
    """Even before anything was tried, and under the id it is known by."""
    (told,) = _after(account, event).answers
    assert (told["Status"], told["Reason"], told["PhysicalResourceId"]) == ("FAILED", reason, "emptied b")


def test_a_reason_is_cut_to_what_an_answer_may_have() -> None:
    """4,096 bytes in all."""
    account = _after(Account(), _event(ResourceProperties={}, RequestType="Delete" * 900))
    assert account.answers[0]["Status"] == "FAILED"


def test_a_bucket_too_full_for_one_round_is_gone_on_with() -> None:
    """Before its time is over it hands the event on, and only the last round answers."""
    account = _after(Account(list("abcd"), milliseconds=SPARE_MS + 1), _event())
    assert (account.answers, account.objects, account.again[0]["Rounds"]) == ([], ["c", "d"], 2)
    account.milliseconds = 900_000
    assert _after(account, account.again[0]).answers[0]["Reason"] == "b is empty: 2 deleted"


def test_the_last_round_says_how_to_go_on() -> None:
    """CloudFormation waits an hour and no longer."""
    account = _after(Account(["a"], milliseconds=0), _event(Rounds=ROUNDS))
    assert account.again == []
    assert account.answers[0]["Reason"].endswith("delete the stack again to go on")


@pytest.mark.parametrize(("deaf", "answered"), [(2, 1), (3, 0)])
def test_an_answer_that_does_not_arrive_is_sent_again(deaf: int, answered: int) -> None:
    """Three times; then Lambda gives the event again."""
    account = Account(deaf=deaf)
    if answered:
        _after(account, _event())
    else:
        with pytest.raises(ConnectionError):
            _after(account, _event())
    assert len(account.answers) == answered


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A place that takes one PUT."""
    bodies: list[bytes] = []

    class Put(BaseHTTPRequestHandler):
        """Keeps what it was sent."""

        def do_PUT(self) -> None:
            """Takes it."""
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Put) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/answer", bodies
        thread.join()


def test_the_handler_puts_its_answer_where_cloudformation_listens(
    listener: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Lambda calls it, over HTTP."""
    url, bodies = listener
    client: Callable[[str], Any] = Account().client
    monkeypatch.setattr("boto3.client", client)
    handler(_event("Create", ResponseURL=url), None)
    assert json.loads(bodies[0])["Status"] == "SUCCESS"
