"""What stays behind, by class and reason; counted alike from a listing and from an inventory."""

import duckdb
import pytest

from landbridge.model.held import Group, Reason, why_not
from landbridge.replicate.objects_preflight import CENSUS, Census, Retrieval, Tally, counted

GIB = 1 << 30


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        (Group("STANDARD", "SSE-KMS", versioned=True, marker=False), None),
        (Group("GLACIER_IR", "SSE-S3", versioned=True, marker=False), None),
        (Group("", "", versioned=True, marker=True), None),
        (Group("GLACIER", "SSE-S3", versioned=True, marker=False), Reason.ARCHIVED),
        (Group("DEEP_ARCHIVE", "SSE-S3", versioned=True, marker=False), Reason.ARCHIVED),
        (Group("STANDARD", "SSE-C", versioned=True, marker=False), Reason.CUSTOMERS_KEY),
        (Group("GLACIER", "SSE-C", versioned=False, marker=False), Reason.NO_VERSION),
        (Group("STANDARD", "aws:kms", versioned=True, marker=False, key="gone"), Reason.KEY),
        (Group("STANDARD", "aws:kms", versioned=True, marker=False, key="fine"), None),
    ],
)
def test_why_a_version_stays_behind(group: Group, reason: Reason | None) -> None:
    """One reason each, the one that would remain when the others were mended last."""
    assert why_not(group, ["gone"]) is reason


def test_the_inventorys_text_counts_what_a_listing_counts() -> None:
    """On DuckDB as on Athena: by class, encryption, version and marker."""
    duck = duckdb.connect()
    duck.execute("CREATE TABLE inventory(storage_class VARCHAR, encryption_status VARCHAR, version_id VARCHAR, "
                 "is_delete_marker BOOLEAN, size BIGINT)")  # fmt: skip
    rows = [
        ("STANDARD", "SSE-KMS", "v1", False, 10),
        ("STANDARD", "SSE-KMS", "v2", False, 5),
        ("GLACIER", "SSE-S3", "v3", False, 7),
    ]
    duck.executemany(
        "INSERT INTO inventory VALUES (?, ?, ?, ?, ?)",
        [*rows, (None, None, "v4", True, None), ("STANDARD", "SSE-C", "", False, 3)],
    )
    census = counted(duck.execute(CENSUS.format(table="inventory")).fetchall(), 1.0)
    assert census.classes() == {"GLACIER": Tally(1, 7), "STANDARD": Tally(3, 18)}
    assert census.held() == {Reason.ARCHIVED: Tally(1, 7), Reason.NO_VERSION: Tally(1, 3)}
    text = "(SELECT COLUMNS(*)::VARCHAR FROM inventory)"  # as a list in CSV has it
    assert counted(duck.execute(CENSUS.format(table=text)).fetchall(), 1.0) == census


def test_archives_are_told_with_time_and_price() -> None:
    """By class, for the tier that was asked."""
    census = Census({Group("GLACIER", "", versioned=True, marker=False): Tally(2000, 100 * GIB)})
    (told,) = census.sentences({"GLACIER": Retrieval("STANDARD", 5.0, 0.01, 0.05)})
    assert "2000 versions (100.0 GiB) lie in GLACIER" in told
    assert "standard restore takes up to 5 h and about 1.10 USD" in told


def test_an_old_inventory_and_a_key_out_of_use_are_told() -> None:
    """Each with what to do."""
    census = Census({}, age_hours=72.0, unusable={"arn:key": "Disabled"})
    key, old = census.sentences()
    assert "key arn:key is Disabled" in key
    assert "the inventory is 72 h old" in old


def test_each_sentence_has_the_reason_a_decision_can_be_about() -> None:
    """What speaks of no versions has none, and can't be left."""
    groups = {Group("GLACIER", "", versioned=True, marker=False): Tally(1, 1)}
    groups[Group("STANDARD", "SSE-C", versioned=True, marker=False)] = Tally(1, 1)
    told = Census(groups, age_hours=72.0, unusable={"arn:key": "Disabled"}).told()
    assert [reason for reason, _ in told] == [Reason.CUSTOMERS_KEY, Reason.ARCHIVED, Reason.KEY, None]


def test_figures_name_classes_and_reasons() -> None:
    """Versions and bytes of each."""
    group = Group("STANDARD", "SSE-C", versioned=True, marker=False)
    assert Census({group: Tally(2, 9)}).figures() == {
        "class STANDARD, versions": 2,
        "stays behind: encrypted by a key their writers hold, versions": 2,
        "class STANDARD, bytes": 9,
        "stays behind: encrypted by a key their writers hold, bytes": 9,
    }
