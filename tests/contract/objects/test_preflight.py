"""What stands in the way of copying a bucket, found on real buckets; nothing is changed."""

from collections.abc import Mapping

from tests.contract.objects.place import Place
from tests.fakes import REGIONS, SOURCE, TARGET

from landbridge.model.held import Reason
from landbridge.model.region import Pair
from landbridge.replicate.objects_preflight import Census, ObjectsPreflight, listed


def obstacles(place: Place, buckets: Pair[str]) -> tuple[str, ...]:
    """By a listing of the source."""
    return looked_at(place, buckets).survey().obstacles


def looked_at(place: Place, buckets: Pair[str], leave: Mapping[Reason, str] | None = None) -> ObjectsPreflight:
    """By a listing of the source."""
    return ObjectsPreflight(place.clients, REGIONS, buckets, lambda: listed(place.clients, SOURCE, buckets.source), leave or {})


def test_nothing_stands_in_the_way_of_plain_versions(place: Place) -> None:
    """And a target that does not stand yet is no obstacle."""
    buckets = place.buckets()
    for key in ("k", "~heartbeat/us-east-1"):
        place.s3(SOURCE).put_object(Bucket=buckets.source, Key=key, Body=b"1")
    assert listed(place.clients, SOURCE, buckets.source).classes()["STANDARD"].versions == 1  # ours are no data
    assert obstacles(place, buckets) == obstacles(place, Pair(buckets.source, "not-yet")) == ()


def test_a_source_that_is_not_there_is_told_alone(place: Place) -> None:
    """There is nothing to count."""
    (told,) = ObjectsPreflight(place.clients, REGIONS, Pair("nowhere", "x"), lambda: Census({})).survey().obstacles
    assert "us-east-1 has no bucket nowhere" in told


def test_a_bucket_without_versions_is_told(place: Place) -> None:
    """At either side."""
    buckets = place.buckets()
    place.s3(TARGET).put_bucket_versioning(Bucket=buckets.target, VersioningConfiguration={"Status": "Suspended"})
    (told,) = obstacles(place, buckets)
    assert f"{buckets.target} in eu-central-1 keeps no versions" in told


def test_a_key_out_of_use_is_told_with_what_it_encrypts(place: Place) -> None:
    """And so is one that is gone."""
    buckets = place.buckets()
    kms = place.clients.client("kms", SOURCE)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    gone = f"{key[:-4]}0000"
    for number, used in enumerate((key, key, gone)):
        encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": used}
        place.s3(SOURCE).put_object(Bucket=buckets.source, Key=f"k{number}", Body=b"1", **encrypted)
    kms.disable_key(KeyId=key)
    told = obstacles(place, buckets)
    assert told[0].startswith("3 versions (0.0 GiB) are encrypted by a key that can't be used")
    assert sorted(told[1:]) == sorted(
        f"key {name} is {state}, and what it encrypts can't be read; make it usable"
        for name, state in ((key, "Disabled"), (gone, "gone"))
    )


def test_what_a_decision_leaves_behind_is_told_and_no_obstacle(place: Place) -> None:
    """With the figures by class; what nobody decided about still is one."""
    buckets = place.buckets()
    for key, kept in (("a", "GLACIER"), ("b", "DEEP_ARCHIVE"), ("c", "STANDARD")):
        place.s3(SOURCE).put_object(Bucket=buckets.source, Key=key, Body=b"12", StorageClass=kept)
    assert len(obstacles(place, buckets)) == 2
    survey = looked_at(place, buckets, {Reason.ARCHIVED: "left behind by decision of the board: kept"}).survey()
    assert (survey.obstacles, len(survey.left), survey.figures["class GLACIER, bytes"]) == ((), 2, 2)
    assert all(each.endswith(": left behind by decision of the board: kept") for each in survey.left)
