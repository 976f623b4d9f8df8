"""Copying by a bucket's rule between two real emulators: what S3 promises of versions, markers, tags and status."""

import base64
import gzip
import zlib
from typing import Any

from tests.contract.objects.place import Place, copies, eventually
from tests.fakes import SOURCE, TARGET

from landbridge.rehearse.emulator.conditions import Conditions, Doorway


def body(place: Place, bucket: str, key: str) -> str:
    """What the target reads; empty = nothing there."""
    s3 = place.s3(TARGET)
    try:
        return str(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
    except s3.exceptions.NoSuchKey:
        return ""


def fate(place: Place, bucket: str, put: dict[str, Any], key: str = "k") -> str | None:
    """What the source says of a version's copy."""
    told: dict[str, str] = place.s3(SOURCE).head_object(Bucket=bucket, Key=key, VersionId=put["VersionId"])
    return told.get("ReplicationStatus")


def test_what_is_put_after_the_rule_is_copied_with_metadata_and_tags(place: Place) -> None:
    """And nothing of what was there before."""
    here, there = place.buckets()
    place.s3(SOURCE).put_object(Bucket=here, Key="before", Body=b"1")
    copies(place, SOURCE, (here, there))
    place.s3(SOURCE).put_object(Bucket=here, Key="k", Body=b"2", Metadata={"by": "us"}, Tagging="kind=tick", ContentType="a/b")
    place.quiet()
    told = place.s3(TARGET).get_object(Bucket=there, Key="k")
    tags = place.s3(TARGET).get_object_tagging(Bucket=there, Key="k")["TagSet"]
    assert (told["Body"].read(), told["Metadata"], told["ContentType"]) == (b"2", {"by": "us"}, "a/b")
    assert tags == [{"Key": "kind", "Value": "tick"}]
    assert body(place, there, "before") == ""


def test_a_version_says_what_became_of_its_copy(place: Place) -> None:
    """PENDING, COMPLETED, FAILED at the source, REPLICA at the target, nothing before the rule."""
    here, there = place.buckets()
    before = place.s3(SOURCE).put_object(Bucket=here, Key="k", Body=b"0")
    copies(place, SOURCE, (here, there))
    place.knobs.stalled = True
    put = place.s3(SOURCE).put_object(Bucket=here, Key="k", Body=b"1")
    waiting = fate(place, here, put)
    place.knobs.stalled = False
    place.quiet()
    place.knobs.fail_every = 1
    failed = place.s3(SOURCE).put_object(Bucket=here, Key="k", Body=b"2")
    place.quiet()
    assert [waiting, fate(place, here, put), fate(place, here, failed)] == ["PENDING", "COMPLETED", "FAILED"]
    assert place.s3(TARGET).head_object(Bucket=there, Key="k")["ReplicationStatus"] == "REPLICA"
    assert fate(place, here, before) is None


def test_delete_markers_are_copied_when_the_rule_says_so(place: Place) -> None:
    """And versions deleted for good are not."""
    here, there = place.buckets()
    bare, kept = place.buckets()
    copies(place, SOURCE, (here, there))
    copies(place, SOURCE, (bare, kept), markers=False)
    for bucket in (here, bare):
        place.s3(SOURCE).put_object(Bucket=bucket, Key="k", Body=b"1")
        place.s3(SOURCE).delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}]})
        gone = place.s3(SOURCE).put_object(Bucket=bucket, Key="z", Body=b"2")
        place.quiet()
        place.s3(SOURCE).delete_object(Bucket=bucket, Key="z", VersionId=gone["VersionId"])
    place.quiet()
    assert [body(place, there, "k"), body(place, kept, "k"), body(place, there, "z")] == ["", "1", "2"]


def test_copies_are_not_copied_back_and_their_tags_are(place: Place) -> None:
    """Both directions on: two versions are two versions, and a tag put at the copy reaches the original."""
    here, there = place.buckets()
    copies(place, SOURCE, (here, there))
    copies(place, TARGET, (there, here))
    put = place.s3(SOURCE).put_object(Bucket=here, Key="k", Body=b"1")
    place.s3(TARGET).put_object(Bucket=there, Key="l", Body=b"2")
    place.quiet()
    place.s3(TARGET).put_object_tagging(Bucket=there, Key="k", Tagging={"TagSet": [{"Key": "seen", "Value": "yes"}]})
    place.quiet()
    counts = [
        len(place.s3(region).list_object_versions(Bucket=bucket)["Versions"])
        for region, bucket in ((SOURCE, here), (TARGET, there))
    ]
    tags = place.s3(SOURCE).get_object_tagging(Bucket=here, Key="k", VersionId=put["VersionId"])["TagSet"]
    assert (counts, tags) == ([2, 2], [{"Key": "seen", "Value": "yes"}])


def test_versions_of_a_key_keep_their_order_through_lag_and_an_outage(place: Place) -> None:
    """The last one written is the last one read, whatever the jitter."""
    here, there = place.buckets()
    copies(place, SOURCE, (here, there))
    place.knobs.lag, place.knobs.jitter, place.knobs.stalled = 0.2, 0.9, True
    for number in range(20):
        place.s3(SOURCE).put_object(Bucket=here, Key="k", Body=str(number).encode())
    place.do(_set(place, Doorway.CUT))
    place.knobs.stalled = False
    eventually(lambda: place.agent.waiting == 20)
    place.do(_set(place, Doorway.OPEN))
    place.quiet()
    found = place.s3(TARGET).list_object_versions(Bucket=there)["Versions"]
    bodies = [place.s3(TARGET).get_object(Bucket=there, Key="k", VersionId=each["VersionId"])["Body"].read() for each in found]
    assert bodies == [str(number).encode() for number in reversed(range(20))]


async def _set(place: Place, doorway: Doorway) -> None:
    place.doors[TARGET].set(Conditions(doorway=doorway))


def test_a_compressed_body_and_a_strange_key_arrive_as_they_were_put(place: Place) -> None:
    """Byte for byte, and with a checksum."""
    here, there = place.buckets()
    copies(place, SOURCE, (here, there))
    key, packed = "a b/ü+&?=%~.gz", gzip.compress(b"ticks")
    place.s3(SOURCE).put_object(Bucket=here, Key=key, Body=packed, ContentEncoding="gzip")
    place.quiet()
    told = place.s3(TARGET).get_object(Bucket=there, Key=key, ChecksumMode="ENABLED")
    crc = base64.b64encode(zlib.crc32(packed).to_bytes(4, "big")).decode()
    assert (told["Body"].read(), told["ContentEncoding"], told.get("ChecksumCRC32")) == (packed, "gzip", crc)
