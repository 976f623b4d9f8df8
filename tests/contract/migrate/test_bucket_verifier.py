"""The comparison of buckets against two real ones, whose replicas have version ids of their own, as the emulator gives them."""

import csv
import gzip
import hashlib
import io
import json
import os
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from tests.builders import trading
from tests.fakes import REGIONS, SOURCE, TARGET, Clock

from landbridge.aws.clients import Clients
from landbridge.config.verify import History, Verify
from landbridge.migrate.adapters import history
from landbridge.model.errors import BadInput, Refused
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair, Region
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.bucket import BucketCopy, Copy
from landbridge.verify.objects.fetch import Delivered
from landbridge.verify.objects.inventories import Inventories
from landbridge.verify.objects.listing import Bucket
from landbridge.verify.objects.looks import Looks
from landbridge.verify.objects.versions import Rule
from landbridge.verify.settle import Settling
from landbridge.verify.stores import STORES, Asked, there

NUMBERS = count(1)
SCHEMA = ("Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag", "StorageClass",
          "IsMultipartUploaded", "ReplicationStatus", "EncryptionStatus")  # fmt: skip


class Buckets:
    """Two versioned buckets of a test's own."""

    def __init__(self, clients: Clients, name: str = "") -> None:
        self.clients, self.name, self.clock = clients, name or f"verify-{os.getpid()}-{next(NUMBERS)}", Clock()
        for region in REGIONS:
            self.make(region, self.named(region))
            self.s3(region).put_bucket_versioning(Bucket=self.named(region), VersioningConfiguration={"Status": "Enabled"})
        self.copies: Pair[Copy] = REGIONS.map(lambda region: BucketCopy(clients, self.named(region), region))

    def make(self, region: Region, bucket: str) -> None:
        """There; us-east-1 is the region that must not be named."""
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.s3(region).create_bucket(Bucket=bucket, **where)

    def s3(self, region: Region) -> Any:
        """The region's client."""
        return self.clients.client("s3", region)

    def named(self, region: Region) -> str:
        """Names are unique over regions."""
        return f"{self.name}-{region}"

    def put(self, key: str, body: str, *regions: Region) -> None:
        """In these regions."""
        for region in regions:
            self.s3(region).put_object(Bucket=self.named(region), Key=key, Body=body.encode())

    def delete(self, key: str, region: Region) -> None:
        """Leaves a marker."""
        self.s3(region).delete_object(Bucket=self.named(region), Key=key)

    def multipart(self, key: str, body: str, region: Region) -> None:
        """Put as one part: the same bytes under another ETag."""
        where = {"Bucket": self.named(region), "Key": key}
        upload = {**where, "UploadId": self.s3(region).create_multipart_upload(**where)["UploadId"]}
        part = self.s3(region).upload_part(**upload, PartNumber=1, Body=body.encode())
        parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        self.s3(region).complete_multipart_upload(**upload, MultipartUpload=parts)

    def comparison(self) -> StoreComparison:
        """By listing."""
        rule = Rule(same_ids=False)
        return StoreComparison(Bucket("history", self.copies, rule, Settling(3, self.clock.sleep)), self.clock)


@pytest.fixture
def buckets(clients: Clients) -> Buckets:
    """Some keys, the same on both sides, one of them written twice and one deleted."""
    made = Buckets(clients)
    for number in range(12):
        made.put(f"a/{number:02d} +\u00e9", f"body {number}", SOURCE, TARGET)
    made.put("a/03 +\u00e9", "again", SOURCE, TARGET)
    for region in REGIONS:
        made.delete("a/04 +\u00e9", region)
    return made


def test_equal_buckets_have_no_differences(buckets: Buckets) -> None:
    """Versions and markers included."""
    result = buckets.comparison().compare()
    assert (result.compared, result.differences, result.whole) == (12, (), True)


def test_planted_differences_are_found_exactly(buckets: Buckets) -> None:
    """Each by its key, and nothing else; parts alone make no difference."""
    buckets.put("only-source", "x", SOURCE)
    buckets.put("only-target", "x", TARGET)
    buckets.put("a/05 +\u00e9", "another", TARGET)
    buckets.delete("a/06 +\u00e9", SOURCE)
    buckets.put("parts", "the same", SOURCE)
    buckets.multipart("parts", "the same", TARGET)
    assert list(buckets.comparison().compare().differences) == [
        Difference("history", "a/05 +\u00e9", Side.TARGET, Kind.CHANGED),
        Difference("history", "a/06 +\u00e9", Side.TARGET, Kind.CHANGED),
        Difference("history", "only-source", Side.TARGET, Kind.MISSING),
        Difference("history", "only-target", Side.SOURCE, Kind.MISSING),
    ]


def test_a_bucket_that_is_not_there_refuses(buckets: Buckets) -> None:
    """It is never taken for an empty one."""
    nowhere: Copy = BucketCopy(buckets.clients, "nowhere-at-all", TARGET)
    made = Bucket("history", Pair(buckets.copies.source, nowhere), Rule(), Settling(3, buckets.clock.sleep))
    with pytest.raises(Refused, match="NoSuchBucket"):
        StoreComparison(made, buckets.clock).compare()


def deliver(buckets: Buckets, region: Region, created: datetime) -> None:
    """An inventory of the bucket as S3 writes it, into the bucket of the other name."""
    s3, bucket = buckets.s3(region), f"{buckets.named(region)}-lists"
    buckets.make(region, bucket)
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for each in s3.list_object_versions(Bucket=buckets.named(region))["Versions"]:
        what = (each["Size"], "2026-01-01T00:00:00.000Z", each["ETag"].strip('"'), "STANDARD", "false", "", "SSE-S3")
        rows.writerow([bucket, quote_plus(each["Key"]), each["VersionId"], "true", "false", *what])
    data = gzip.compress(text.getvalue().encode())
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    files = [{"key": "lists/data/one.csv.gz", "size": len(data), "MD5checksum": digest}]
    told = {"sourceBucket": bucket, "creationTimestamp": str(int(created.timestamp() * 1000)), "fileFormat": "CSV"}
    s3.put_object(Bucket=bucket, Key="lists/data/one.csv.gz", Body=data)
    manifest = json.dumps({**told, "fileSchema": ", ".join(SCHEMA), "files": files})
    s3.put_object(Bucket=bucket, Key="lists/2026-11-21T01-00Z/manifest.json", Body=manifest.encode())


def test_inventories_are_found_read_and_settled_in_the_buckets(buckets: Buckets, clients: Clients, tmp_path: Path) -> None:
    """The newest delivered one of each side; what the lists say apart and the buckets don't, is none."""
    buckets.put("lost", "x", SOURCE)
    for region in REGIONS:
        deliver(buckets, region, datetime(2026, 11, 21, tzinfo=UTC))
    lists = REGIONS.map(lambda region: Delivered(clients, region, f"{buckets.named(region)}-lists", "lists/", tmp_path).newest())
    settling = Settling(3, buckets.clock.sleep)
    subject = Inventories("history", lists, timedelta(minutes=15), Looks(buckets.copies, Rule(same_ids=False)), settling)
    found = StoreComparison(subject, buckets.clock).compare()
    assert [each.key for each in found.differences] == ["lost"]


def test_the_verb_compares_the_lists_that_the_file_names(clients: Clients, tmp_path: Path) -> None:
    """Found, checked and fetched; a file that is not what its manifest tells ends it with a sentence."""
    buckets = Buckets(clients, "trading-analytics-history-prod")
    buckets.put("kept", "x", SOURCE, TARGET)
    buckets.put("lost", "x", SOURCE)
    for region in REGIONS:
        deliver(buckets, region, datetime(2026, 11, 21, tzinfo=UTC))
    places = REGIONS.map(lambda region: f"s3://{buckets.named(region)}-lists/lists/")
    spec = History(same_versions=False, source_list=places.source, target_list=places.target)
    config = trading().model_copy(update={"verify": Verify(history=spec)})
    clock = buckets.clock
    asked = Asked(tmp_path, True, False, None, lambda _progress: None, clock, clock.sleep, lambda: clients, there(config))
    made = STORES["history"](config, asked)
    assert made is not None
    assert [each.unit for each in made.explain()] == ["files", "files"]
    assert [each.key for each in made.compare().differences] == ["lost"]
    buckets.s3(TARGET).put_object(Bucket=f"{buckets.named(TARGET)}-lists", Key="lists/data/one.csv.gz", Body=b"other")
    for file in (tmp_path / "lists").glob("*.csv.gz"):
        file.unlink()
    again = STORES["history"](config, asked)
    assert again is not None
    with pytest.raises(BadInput, match="is not the file its manifest tells of; use a later inventory"):
        again.compare()


def test_a_gate_takes_the_lists_that_the_file_names(clients: Clients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For what the source holds, and for what differs; evidence is as old as the lists, and none is taken that is too old."""
    monkeypatch.chdir(tmp_path)
    created, buckets = datetime(2026, 11, 21, tzinfo=UTC), Buckets(clients, "trading-analytics-history-gate")
    buckets.put("kept", "x", SOURCE, TARGET)
    buckets.put("lost", "x", SOURCE)
    for region in REGIONS:
        deliver(buckets, region, created)
    places = REGIONS.map(lambda region: f"s3://{buckets.named(region)}-lists/lists/")
    spec = History(same_versions=False, source_list=places.source, target_list=places.target)
    config = trading({"platform": {"environment_suffix": "gate"}}).model_copy(update={"verify": Verify(history=spec)})
    clock = Clock(created.timestamp() + 3600)
    made = history.History(clients, config, REGIONS, lambda *_: "", clock, clock.sleep)
    assert made.survey().figures == {"class STANDARD, versions": 2, "class STANDARD, bytes": 2}
    found = made.verifier.compare()
    assert ([each.key for each in found.differences], found.began) == (["lost"], created.timestamp() - spec.settle_seconds)
    clock.sleep(config.verification.expires_seconds)
    with pytest.raises(BadInput, match="is 26 h old, and a gate takes none older than 24 h; wait for the next"):
        made.verifier.compare()
