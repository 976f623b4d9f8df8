"""What a call to S3 changed, and which rule covers a key."""

from typing import Any

import pytest

from landbridge.rehearse.fabric.objects.calls import Change, Kind, call, changes
from landbridge.rehearse.fabric.objects.rules import covering, rules

VERSIONED = {"x-amz-version-id": "v"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "kind"),
    [
        ("PUT", "/b/a%20b", VERSIONED, Kind.PUT),
        ("POST", "/b/a%20b?uploadId=u", VERSIONED, Kind.PUT),
        ("PUT", "/b/a%20b?tagging&versionId=v", {}, Kind.TAGS),
        ("DELETE", "/b/a%20b", {**VERSIONED, "x-amz-delete-marker": "true"}, Kind.MARKER),
        ("DELETE", "/b/a%20b?versionId=v", {**VERSIONED, "x-amz-delete-marker": "true"}, Kind.DELETE),
    ],
)
def test_a_call_about_one_object(method: str, path: str, headers: dict[str, str], kind: Kind) -> None:
    """By its path and the version its answer tells."""
    assert changes(call(method, path), headers, b"") == [Change(kind, "b", "a b", "v")]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/b/k"),
        ("HEAD", "/b/k"),
        ("PUT", "/b/k?partNumber=1&uploadId=u"),
        ("POST", "/b/k?uploads"),
        ("POST", "/b/k?restore"),
        ("PUT", "/b/k?acl"),
        ("PUT", "/b?versioning"),
        ("GET", "/b?replication"),
    ],
)
def test_a_call_that_changes_nothing_to_be_copied(method: str, path: str) -> None:
    """Reads, parts, access lists, settings."""
    assert changes(call(method, path), VERSIONED, b"") == []


@pytest.mark.parametrize(("method", "path"), [("PUT", "/b?replication"), ("DELETE", "/b?replication"), ("DELETE", "/b")])
def test_a_call_about_rules(method: str, path: str) -> None:
    """The bucket's rules are to be read again."""
    assert changes(call(method, path), {}, b"") == [Change(Kind.RULE, "b")]


def test_many_deleted_at_once_are_told_by_the_answer() -> None:
    """Markers, versions for good, and errors, which changed nothing."""
    body = b"""<DeleteResult xmlns="s3"><Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker>
    <DeleteMarkerVersionId>m</DeleteMarkerVersionId></Deleted><Deleted><Key>b</Key><VersionId>v</VersionId></Deleted>
    <Error><Key>c</Key></Error></DeleteResult>"""
    assert changes(call("POST", "/x?delete"), {}, body) == [
        Change(Kind.MARKER, "x", "a", "m"),
        Change(Kind.DELETE, "x", "b", "v"),
    ]


def rule(prefix: str, priority: int, **more: Any) -> dict[str, Any]:
    """One enabled rule."""
    where = {"Filter": {"Prefix": prefix}, "Destination": {"Bucket": f"arn:aws:s3:::to-{priority}"}}
    return {"Status": "Enabled", "Priority": priority, **where, **more}


def test_the_highest_priority_that_covers_the_key_wins() -> None:
    """Disabled rules count for nothing."""
    found = rules({"Rules": [rule("", 1), rule("a/", 2), rule("a/", 3, Status="Disabled")]})
    covered = [covering(found, key) for key in ("a/k", "b")]
    assert [each.bucket for each in covered if each] == ["to-2", "to-1"]


def test_markers_are_copied_by_old_rules_and_by_those_that_say_so() -> None:
    """A rule without a filter is of the first kind, which always did."""
    plain = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "b"}}
    found = rules({"Rules": [plain, rule("", 1), rule("", 2, DeleteMarkerReplication={"Status": "Enabled"})]})
    assert [each.markers for each in found] == [True, False, True]


def test_a_put_by_an_address_that_was_given_away_is_a_put() -> None:
    """Who signed it, and when, says nothing about the object."""
    signed = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=s"
    made = call("PUT", f"/uploads/u-1?{signed}")
    assert made.given_away
    assert changes(made, {"x-amz-version-id": "v"}, b"") == [Change(Kind.PUT, "uploads", "u-1", "v")]
    assert not call("PUT", "/uploads/u-1?x-id=PutObject").given_away
    assert not call("GET", f"/queue?{signed.replace('s3', 'sqs')}").given_away
