"""Exports of both sides are begun once, waited for within a bound, and told of when they fail."""

from pathlib import Path
from typing import Any

import pytest
from tests.fakes import REGIONS, Clock

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused
from landbridge.model.region import Pair
from landbridge.verify.athena import Athena
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.kept import Kept
from landbridge.verify.settle import Settling
from landbridge.verify.tables.exports import LIMIT, Exporter, Exports
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import Copy, TableCopy


class FakeTable:
    """A table whose exports stand as they are laid out."""

    def __init__(self, status: dict[str, str]) -> None:
        self.status, self.begun = status, 0

    def describe_table(self, **_which: str) -> dict[str, Any]:
        """A few items."""
        keys = [{"AttributeName": "user", "KeyType": "HASH"}]
        return {"Table": {"TableArn": "arn:t", "ItemCount": 5, "TableSizeBytes": 700, "KeySchema": keys}}

    def export_table_to_point_in_time(self, **_what: str) -> dict[str, Any]:
        """Another one."""
        self.begun += 1
        return {"ExportDescription": {"ExportArn": f"arn:t/export/{self.begun}"}}

    def describe_export(self, **_which: str) -> dict[str, Any]:
        """Where it stands."""
        return {"ExportDescription": self.status}


def made(fake: FakeTable, clock: Clock) -> Exports:
    """Both sides over the same fake."""
    clients = Clients()
    for region in REGIONS:
        clients._made["dynamodb", region, True] = fake
    copies: Pair[Copy] = REGIONS.map(lambda region: TableCopy(clients, "t", region, Budget(1, clock, clock.sleep)))
    exporters = REGIONS.map(lambda region: Exporter(clients, region, "t", "bucket", "there/"))
    athena = Athena(clients, REGIONS.target, "primary", "default", "", clock, clock.sleep)
    return Exports(Table("state", copies, 1, Settling(0, clock.sleep)), exporters, athena, clock, clock.sleep)


def test_a_failed_export_is_told_with_its_reason() -> None:
    """Nothing was compared, so there is no result."""
    clock = Clock()
    status = {"ExportStatus": "FAILED", "FailureMessage": "the bucket is gone"}
    with pytest.raises(Refused, match="the export of t was refused in us-east-1: the bucket is gone"):
        StoreComparison(made(FakeTable(status), clock), clock).compare()


def test_exports_that_never_end_are_given_up() -> None:
    """After a day."""
    clock = Clock()
    began = clock()
    with pytest.raises(Refused, match="waiting for the exports of state was refused in eu-central-1: they took a whole day"):
        StoreComparison(made(FakeTable({"ExportStatus": "IN_PROGRESS"}), clock), clock).compare()
    assert clock() - began == pytest.approx(LIMIT)


def test_an_export_that_was_begun_is_not_begun_again(tmp_path: Path) -> None:
    """A comparison that was killed while they were written goes on waiting."""
    clock, fake = Clock(), FakeTable({"ExportStatus": "FAILED"})
    for _ in range(2):
        subject = made(fake, clock)
        with pytest.raises(Refused):
            subject.begin(Kept(tmp_path / "work", subject.plan(), clock())).run()
    assert fake.begun == 2, "one a side"


def test_it_is_told_beforehand_what_would_be_exported() -> None:
    """By what DynamoDB knows of the tables."""
    source, target = made(FakeTable({}), Clock()).explain()
    assert (source.reads, source.unit, source.size) == (5, "items exported", 700)
    assert target.what == "state at the target"


def test_the_files_lie_where_dynamodb_puts_them() -> None:
    """Below the prefix, by the export's own name."""
    files = made(FakeTable({}), Clock()).exporters.source.files("arn:t/export/0123-ab")
    assert files.location == "s3://bucket/there/AWSDynamoDB/0123-ab/data/"
