"""A region's history: the bucket, its copying to the other region, and the bucket for what is reported about it.

Copying is switched by a parameter and changed in place: on in one region, in both, or in none. The other region's bucket
must stand before it is switched on; which one that is follows from its region, so that neither stack waits for the other.
"""

from aws_cdk import App, CfnCondition, Fn

from landbridge.platforms.constructs.buckets import bucket, expiring
from landbridge.platforms.constructs.copying import (
    COPIED,
    HEARTBEATS,
    asks_where,
    batch_role,
    copies,
    copy_role,
    here,
    tells_batch_role,
)
from landbridge.platforms.constructs.emptying import empties
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, only_if, ref, sub

ARCHIVE = {
    "Id": "archive",
    "Status": "Enabled",
    "Transitions": [
        {"StorageClass": "STANDARD_IA", "TransitionInDays": 90},
        {"StorageClass": "GLACIER", "TransitionInDays": 180},
    ],
}
LISTED = ["ChecksumAlgorithm", "ETag", "EncryptionStatus", "LastModifiedDate", "ReplicationStatus", "Size", "StorageClass"]
REPORTS = {"inventory": 90, "batch": 365, "queries": 30}  # what lies there, and for how many days


class History(TradingStack):
    """Every version listed daily, archived by age, copied within a quarter of an hour."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "history", "this region's history of the market and its copying")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        emptier = self.asks("EmptierArn", "The function that empties buckets: output of the artifacts stack")
        old = "For how many days an overwritten or deleted version is kept"
        old_days = self.asks("OldVersionDays", old, type="Number", default=365, min_value=1, max_value=3650)
        CfnCondition(self, COPIED, expression=Fn.condition_equals(asks_where(self, "history"), "on"))
        rules = [expiring(name, days) for name, days in REPORTS.items()]
        reports = bucket(self, "Reports", "reports", key, rules, allowed=(self._lists(),))
        copied = only_if(COPIED, copies(self, "history", both_ways=True))
        besides = {
            "InventoryConfigurations": [self._inventory()],
            "ReplicationConfiguration": copied,
        }
        made = bucket(self, "History", "history", key, [ARCHIVE, HEARTBEATS], old_days=old_days, besides=besides, kept=True)
        made.add_resource_dependency(self.node.find_child("ReportsPolicy"))
        copy_role(self, "history")
        batch_role(self, "history")
        for each in (reports, made):
            empties(self, each, emptier)
        self._outputs()

    def _lists(self) -> Json:
        """That S3 may put the history's inventory there."""
        from_history = {
            "ArnLike": {"aws:SourceArn": sub(here(self, "history"))},
            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId"), "s3:x-amz-acl": "bucket-owner-full-control"},
        }
        return {
            "Sid": "Inventory",
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": sub("${Reports.Arn}/inventory/*"),
            "Condition": from_history,
        }

    def _inventory(self) -> Json:
        return {
            "Id": "all-versions",
            "Enabled": True,
            "IncludedObjectVersions": "All",
            "ScheduleFrequency": "Daily",
            "OptionalFields": LISTED,
            "Destination": {
                "BucketAccountId": ref("AWS::AccountId"),
                "BucketArn": att("Reports", "Arn"),
                "Format": "Parquet",
                "Prefix": "inventory",
            },
        }

    def _outputs(self) -> None:
        for name, kind, what in (
            ("History", "history", "The history of the market in this region"),
            ("Reports", "reports", "Inventories, reports of copying and results of queries"),
        ):
            self.tell(f"{name}Bucket", ref(name), kind, what)
            self.tell(f"{name}BucketArn", att(name, "Arn"), f"{kind}-arn", "That bucket's ARN")
        tells_batch_role(self)
